package member

import (
	"strings"
	"unicode/utf8"

	"guildhall/internal/fault"
)

// The length of a password in characters. The upper bound keeps hashing cheap,
// not people short.
const (
	MinPassword = 10
	MaxPassword = 256
)

// TooLong tells whether nobody can have such a password.
func TooLong(password string) bool { return utf8.RuneCountInString(password) > MaxPassword }

// CheckPassword tells what is wrong with a new password.
// Errors: fault.Invalid beside password.
func CheckPassword(password, email string) error {
	bad := fault.Fields{}
	checkPassword(bad, password, email)
	return bad.Err()
}

func checkPassword(bad fault.Fields, password, email string) {
	lower := strings.ToLower(password)
	user, _, _ := strings.Cut(email, "@")
	bad.Need(utf8.RuneCountInString(password) >= MinPassword, "password", "Choose at least 10 characters. Three or four plain words are fine.")
	bad.Need(!TooLong(password), "password", "At most 256 characters, please.")
	bad.Need(email == "" || lower != email && lower != user, "password", "Choose something else than your e-mail address.")
	bad.Need(!common(lower), "password", "This password is one of the first that anybody would guess. Choose another.")
}

// common knows the long passwords that lists of leaked ones begin with, and
// everything that is one short pattern over and over.
func common(lower string) bool {
	for _, c := range strings.Fields(commonPasswords) {
		if lower == c {
			return true
		}
	}
	for size := 1; size <= 3; size++ {
		if len(lower) > size && lower == strings.Repeat(lower[:size], len(lower)/size+1)[:len(lower)] {
			return true
		}
	}
	return false
}

const commonPasswords = `1234567890 0123456789 9876543210 0987654321 12345678910 123456789a a123456789
1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345 qwerty123456 qwertyuiop123 asdfghjkl1 asdfghjkl; zxcvbnm123
password12 password123 password1234 password12345 password123456 passw0rd123 mypassword mypassword1
iloveyou12 iloveyou123 welcome123 welcome1234 letmein123 letmein1234 football123 baseball123 princess123
sunshine123 superman123 administrator administrator1 changeme123 changemenow guildhall1 guildhall123
abcdefghij abc123456789 abcd123456 trustno1trustno1 correcthorsebatterystaple`
