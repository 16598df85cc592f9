"""The token."""

import unittest

import samples

from bootstrap_token import BootstrapTokenError, Code, InvalidInputError, Token, Weakness


class Tokens(unittest.TestCase):
    def test_parts(self) -> None:
        token = samples.token()
        self.assertEqual(token.id, "k3x9qf")
        self.assertEqual(token.secret_name, "bootstrap-token-k3x9qf")
        self.assertEqual(token.jws_key_name, "jws-kubeconfig-k3x9qf")
        self.assertEqual(token.weakness, Weakness.NONE)
        self.assertEqual(token.expose(), bytearray(samples.TEXT.encode()))
        self.assertEqual(token.expose_secret(), bytearray(samples.SECRET.encode()))
        self.assertIs(type(token.expose()), bytearray)

    def test_every_kind_of_text(self) -> None:
        for text in (samples.TEXT, samples.TEXT.encode(), bytearray(samples.TEXT.encode())):
            self.assertTrue(Token.is_valid(text))
            self.assertEqual(Token.parse(text), samples.token())
            self.assertEqual(Token.from_parts(text[:6], text[7:]), samples.token())

    def test_generated_tokens_differ(self) -> None:
        tokens = [Token.generate() for _ in range(100)]
        self.assertEqual(len({token.expose().decode() for token in tokens}), 100)
        self.assertTrue(all(Token.is_valid(token.expose()) for token in tokens))

    def test_comparison(self) -> None:
        token = samples.token()
        self.assertEqual(token, samples.token())
        self.assertNotEqual(token, Token.parse("k3x9qf.7w2mz0r8tc4vb1nk"))
        self.assertNotEqual(token, Token.parse("k3x9qe.7w2mz0r8tc4vb1nj"))
        self.assertNotEqual(token, samples.TEXT)

    def test_no_hash(self) -> None:
        with self.assertRaises(TypeError):
            hash(samples.token())

    def test_is_valid_says_no(self) -> None:
        for text in (
            "",
            "k3x9qf",
            samples.TEXT + "\n",
            samples.TEXT.upper(),
            samples.TEXT + "\0",
            "\udc80",
            "é",
            "a" * 99,
        ):
            with self.subTest(text=ascii(text)):
                self.assertFalse(Token.is_valid(text))
                self.assertFalse(Token.is_valid(bytearray(text.encode("utf-8", "surrogatepass"))))

    def test_weakness_of_an_example(self) -> None:
        self.assertEqual(Token.parse("abcdef.0123456789abcdef").weakness, Weakness.PUBLIC_EXAMPLE)

    def test_refusals(self) -> None:
        for text, code, message in (
            ("", Code.TOKEN_EMPTY, "is empty"),
            (samples.TEXT[:-1], Code.TOKEN_LENGTH, "has 15 characters instead of 16"),
            (samples.TEXT.replace(".", ""), Code.TOKEN_MISSING_DOT, "has no dot"),
            (samples.TEXT.upper(), Code.TOKEN_UPPER_CASE, "upper"),
            (samples.TEXT + "\n", Code.TOKEN_WHITE_SPACE, "line break"),
            (samples.TEXT[:-1] + "-", Code.TOKEN_CHARACTER, ""),
        ):
            with self.subTest(code=code):
                with self.assertRaises(InvalidInputError) as caught:
                    Token.parse(text)
                self.assertIs(caught.exception.code, code)
                self.assertIn(message, str(caught.exception))

    def test_neither_made_nor_changed_by_hand(self) -> None:
        with self.assertRaises(TypeError):
            Token()
        with self.assertRaises(AttributeError):
            samples.token().id = "other1"  # type: ignore[misc]
        with self.assertRaises(AttributeError):
            samples.token().other = 1  # type: ignore[attr-defined]

    def test_the_errors_are_value_errors(self) -> None:
        with self.assertRaises(ValueError):
            Token.parse("")
        with self.assertRaises(BootstrapTokenError):
            Token.parse("")


if __name__ == "__main__":
    unittest.main()
