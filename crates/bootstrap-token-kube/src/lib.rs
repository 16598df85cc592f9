#![doc = "Bootstrap tokens through the API server."]
#![forbid(unsafe_code)]
