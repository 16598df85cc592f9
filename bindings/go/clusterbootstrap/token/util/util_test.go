package util

// randBytes is a function of upstream's own, which its tests call: as many characters as are asked for.
func randBytes(length int) (string, error) {
	text := ""
	for len(text) < length {
		token, err := GenerateBootstrapToken()
		if err != nil {
			return "", err
		}
		text += token
	}
	return text[:length], nil
}
