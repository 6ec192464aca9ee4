//! Words that two people read to each other to see that no one swapped a key between them.
//!
//! Six words of 256 are 48 bits. Deriving them is made slow (PBKDF2, RFC 8018), so that finding another key with
//! the same words costs an attacker about 2⁶⁵ hashes; the invitation's secret stands before that.

use crate::keys::{Context, DevicePublic, VerifyKey};
use crate::wire::hash;
use ring::pbkdf2;
use std::num::NonZeroU32;

const ROUNDS: NonZeroU32 = NonZeroU32::new(1 << 16).unwrap();

/// Short, concrete English words, each unlike the others when spoken. The order is part of the protocol.
pub const WORDS: [&str; 256] = [
    "acorn", "actor", "adult", "album", "angle", "ankle", "apple", "apron", "arena", "arrow", "atlas",
    "attic", "badge", "bagel", "baker", "bamboo", "banana", "banjo", "barrel", "basket", "beach", "beard",
    "beaver", "bench", "berry", "bicycle", "blanket", "bottle", "bridge", "broom", "brush", "bubble",
    "bucket", "button", "cabin", "cactus", "camel", "camera", "candle", "canoe", "carpet", "carrot",
    "castle", "ceiling", "cellar", "chain", "chair", "chalk", "cheese", "cherry", "chess", "chicken",
    "chimney", "circle", "citrus", "clay", "clock", "cloud", "clover", "coach", "coast", "cobra", "coconut",
    "coffee", "collar", "comet", "copper", "coral", "corner", "cotton", "cradle", "crane", "crayon",
    "cricket", "crown", "crystal", "curtain", "cushion", "dancer", "desert", "diamond", "dinner", "doctor",
    "dolphin", "donkey", "dragon", "drawer", "drum", "duck", "eagle", "earth", "easel", "elbow", "elephant",
    "emerald", "engine", "envelope", "falcon", "farmer", "feather", "fence", "ferry", "fiddle", "field",
    "finger", "flag", "flame", "flask", "flower", "flute", "forest", "fossil", "fountain", "fox", "frog",
    "garden", "garlic", "ginger", "giraffe", "glass", "globe", "glove", "goat", "gorilla", "grape", "gravel",
    "guitar", "hammer", "harbour", "harvest", "hazel", "helmet", "hill", "honey", "horse", "hotel", "igloo",
    "island", "ivory", "jacket", "jaguar", "jasmine", "jelly", "jigsaw", "jungle", "kayak", "kettle",
    "kitchen", "kite", "koala", "ladder", "lagoon", "lake", "lamp", "lantern", "lemon", "lettuce", "lion",
    "lizard", "lobster", "locket", "magnet", "mango", "maple", "marble", "market", "meadow", "melon",
    "mirror", "mitten", "monkey", "morning", "mountain", "muffin", "museum", "needle", "nest", "noodle",
    "nutmeg", "oasis", "ocean", "olive", "onion", "orange", "orchard", "ostrich", "otter", "oven", "oyster",
    "paddle", "palace", "panda", "paper", "parrot", "peanut", "pebble", "pelican", "pencil", "pepper",
    "piano", "pigeon", "pillow", "pilot", "planet", "plum", "pocket", "pony", "potato", "pumpkin", "puzzle",
    "quilt", "rabbit", "radio", "raven", "ribbon", "river", "robin", "rocket", "saddle", "sailor", "salmon",
    "sandal", "saturn", "school", "scissors", "shadow", "shell", "shovel", "silver", "sister", "spider",
    "spoon", "sugar", "summer", "sunset", "table", "tailor", "temple", "thunder", "tiger", "tomato", "tower",
    "tractor", "trumpet", "tulip", "turtle", "umbrella", "valley", "velvet", "violin", "walnut", "whistle",
    "window", "winter", "wizard", "zebra",
];

/// The words for a device that joins the workspace of this authority. Both sides compute them; they match only
/// if both hold the same keys. Takes some 50 ms.
pub fn verification_words(authority: &VerifyKey, device: &DevicePublic) -> [&'static str; 6] {
    let keys = hash(Context::WORDS, &[&authority.0, &device.sign.0, &device.seal.0]);
    let mut digits = [0; 6];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, Context::WORDS.as_bytes(), &keys, &mut digits);
    digits.map(|digit| WORDS.get(usize::from(digit)).copied().unwrap_or_default())
}
