//! Reads protobuf's wire format in place: nothing is copied, and skipped fields cost nothing.
//! <https://protobuf.dev/programming-guides/encoding/>

/// The bytes are not a message, or a field has the wrong type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotProtobuf;

/// The fields of a message with their numbers, in order of appearance. Ends after an error.
pub(crate) struct Fields<'a>(&'a [u8]);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Number(u64),
    /// A text, bytes, or a message.
    Bytes(&'a [u8]),
    /// A value of fixed length. No needed field has one.
    Fixed,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    /// Returns the unread bytes.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.0
    }

    #[inline]
    fn field(&mut self) -> Result<(u64, Value<'a>), NotProtobuf> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Number(self.varint()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = self.varint()?;
                let length = usize::try_from(length).map_err(|_| NotProtobuf)?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            // Groups, which Kubernetes has never used.
            _ => return Err(NotProtobuf),
        };
        Ok((key >> 3, value))
    }

    /// Nearly all take one byte.
    #[inline]
    fn varint(&mut self) -> Result<u64, NotProtobuf> {
        match self.0 {
            [byte @ ..0x80, rest @ ..] => {
                self.0 = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, NotProtobuf> {
        let mut value = 0;
        for (at, byte) in self.0.iter().enumerate().take(10) {
            let bits = u64::from(byte & 0x7f);
            let shift = 7 * at;
            if shift == 63 && bits > 1 {
                return Err(NotProtobuf);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                self.0 = &self.0[at + 1..];
                return Ok(value);
            }
        }
        Err(NotProtobuf)
    }

    #[inline]
    fn take(&mut self, length: usize) -> Result<&'a [u8], NotProtobuf> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(NotProtobuf)?;
        self.0 = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), NotProtobuf>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Value<'a> {
    pub(crate) fn bytes(self) -> Result<&'a [u8], NotProtobuf> {
        match self {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(NotProtobuf),
        }
    }

    pub(crate) fn text(self) -> Result<&'a str, NotProtobuf> {
        str::from_utf8(self.bytes()?).map_err(|_| NotProtobuf)
    }

    pub(crate) fn message(self) -> Result<Fields<'a>, NotProtobuf> {
        self.bytes().map(Fields)
    }

    /// Returns an `int64` or `int32`: both are encoded in 64 bits.
    pub(crate) fn int(self) -> Result<i64, NotProtobuf> {
        match self {
            Value::Number(number) => Ok(number.cast_signed()),
            _ => Err(NotProtobuf),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use prost::Message;

    use super::*;

    /// The same message, decoded by another library.
    #[derive(Clone, PartialEq, Message)]
    struct Sample {
        #[prost(string, tag = "1")]
        text: String,
        #[prost(int64, tag = "2")]
        number: i64,
        #[prost(bytes = "vec", repeated, tag = "3")]
        list: Vec<Vec<u8>>,
        #[prost(int32, tag = "4")]
        small: i32,
        #[prost(fixed64, tag = "536870911")]
        eight: u64,
        #[prost(fixed32, tag = "6")]
        four: u32,
    }

    fn read(message: &[u8]) -> Result<Sample, NotProtobuf> {
        let mut sample = Sample::default();
        for field in Fields::of(message) {
            let (number, value) = field?;
            match number {
                1 => value.text()?.clone_into(&mut sample.text),
                2 => sample.number = value.int()?,
                3 => sample.list.push(value.bytes()?.to_vec()),
                4 => sample.small = i32::try_from(value.int()?).map_err(|_| NotProtobuf)?,
                _ => assert_eq!(value, Value::Fixed),
            }
        }
        Ok(sample)
    }

    proptest! {
        #[test]
        fn messages_of_another_encoder_are_read(text: String, number: i64, list: Vec<Vec<u8>>, small: i32) {
            let sample = Sample { text, number, list, small, eight: 0, four: 0 };
            prop_assert_eq!(read(&sample.encode_to_vec()), Ok(sample.clone()));
            let fixed = Sample { eight: 7, four: 7, ..sample.clone() };
            prop_assert_eq!(read(&fixed.encode_to_vec()), Ok(sample));
        }

        #[test]
        fn no_bytes_cause_a_panic(message: Vec<u8>) {
            let read = Fields::of(&message).take_while(Result::is_ok).count();
            prop_assert!(read <= message.len());
        }
    }

    #[test]
    fn truncation_is_detected() {
        let sample = Sample {
            text: "four".to_owned(),
            eight: 1,
            four: 1,
            ..Sample::default()
        };
        let whole = sample.encode_to_vec();
        let ends: Vec<_> = (0..=whole.len())
            .filter(|length| Fields::of(&whole[..*length]).all(|field| field.is_ok()))
            .collect();
        // Only after a field.
        assert_eq!(ends, [0, 6, 11, whole.len()]);
    }

    #[test]
    fn oversized_numbers_and_groups_are_rejected() {
        let longest = [&[8][..], &[0xff; 9], &[1]].concat();
        assert_eq!(
            Fields::of(&longest).next(),
            Some(Ok((1, Value::Number(u64::MAX))))
        );
        for bad in [
            [&[8][..], &[0xff; 9], &[2]].concat(),
            [&[8][..], &[0x80; 10], &[1]].concat(),
            vec![0x0b],
            vec![0x0c],
        ] {
            let mut fields = Fields::of(&bad);
            assert_eq!(fields.next(), Some(Err(NotProtobuf)), "{bad:?}");
            assert_eq!(fields.next(), None);
        }
    }
}
