package gig

import (
	"slices"
	"strconv"
	"strings"
)

// Fits tells whether a text, trimmed and not empty, answers the question's kind.
func (q Question) Fits(text string) bool {
	switch q.Kind {
	case QuestionChoice:
		return slices.Contains(q.Choices, text)
	case QuestionNumber:
		_, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
		return err == nil && strings.Trim(text, "0123456789.,-") == ""
	case QuestionText:
		return !strings.ContainsAny(text, "\r\n")
	}
	return true
}

// Hint says how the question wants to be answered.
func (q Question) Hint() string {
	switch q.Kind {
	case QuestionChoice:
		return "Choose one of the answers."
	case QuestionNumber:
		return "Write a number, for example 12 or 3.5."
	case QuestionText:
		return "Please keep it on one line."
	}
	return "Please write a few words."
}
