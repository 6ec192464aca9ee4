//! Whole-system stories; they are in `tests/tests`, and `tests/story.sh` tells the first one with `baraza` alone.
