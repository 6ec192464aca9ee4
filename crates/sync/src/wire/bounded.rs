//! Lists with a limit that holds while decoding: an empty item takes one byte on the wire and far more in memory.

use super::SyncRequest;
use minicbor::decode::{Decode, Decoder, Error};
use minicbor::encode::{self, Encode, Encoder, Write};

pub(super) fn encode<C, T: Encode<C>, W: Write>(
    list: &[T],
    e: &mut Encoder<W>,
    ctx: &mut C,
) -> Result<(), encode::Error<W::Error>> {
    e.array(list.len() as u64)?;
    list.iter().try_for_each(|item| item.encode(e, ctx))
}

pub(super) fn decode<'b, C, T: Decode<'b, C>>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<T>, Error> {
    let Some(length) = d.array()? else { return Err(Error::message("a list without a length")) };
    if length > SyncRequest::MAX_ITEMS as u64 {
        return Err(Error::message("too many items"));
    }
    (0..length).map(|_| T::decode(d, ctx)).collect()
}
