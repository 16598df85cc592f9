use k8s_openapi::jiff::Timestamp;

use super::protobuf::{Fields, NotProtobuf};

/// Reads `meta/v1.Time`. Its presence matters most: an object with a deletion time is being deleted.
pub(super) fn from_protobuf(fields: Fields<'_>) -> Result<Timestamp, NotProtobuf> {
    let (mut seconds, mut nanos) = (0, 0);
    for field in fields {
        match field? {
            (1, value) => seconds = value.int()?,
            (2, value) => nanos = i32::try_from(value.int()?).map_err(|_| NotProtobuf)?,
            _ => {}
        }
    }
    Ok(Timestamp::new(seconds, nanos).unwrap_or(Timestamp::UNIX_EPOCH))
}
