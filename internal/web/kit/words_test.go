package kit

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var countdowns = []struct {
	d    time.Duration
	want string
}{
	{28*time.Hour + 59*time.Minute, "in 1 day 4 h"},
	{48 * time.Hour, "in 2 days"},
	{20 * 24 * time.Hour, "in 20 days"},
	{59*time.Minute + 59*time.Second, "in 59 min"},
	{2*time.Hour + 5*time.Minute, "in 2 h 5 min"},
	{30 * time.Second, "in less than a minute"},
	{-30 * time.Second, "just now"},
	{-3 * time.Hour, "3 h ago"},
	{-49 * time.Hour, "2 days 1 h ago"},
}

func TestCountdown(t *testing.T) {
	for _, tt := range countdowns {
		if got := Countdown(tt.d); got != tt.want {
			t.Errorf("Countdown(%v) = %q, want %q", tt.d, got, tt.want)
		}
	}
}

// TestCountdownInTheBrowser holds the script to the same words.
func TestCountdownInTheBrowser(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not on the PATH")
	}
	for _, tt := range countdowns {
		run := exec.CommandContext(t.Context(), node, "--input-type=module", "-e",
			fmt.Sprintf(`import {words} from "./js/clock.js"; process.stdout.write(words(%d))`, tt.d.Milliseconds()))
		run.Dir = filepath.Join("..", "static")
		got, err := run.Output()
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != tt.want {
			t.Errorf("words(%v) = %q, want %q", tt.d, got, tt.want)
		}
	}
}

func TestLocal(t *testing.T) {
	tests := []struct {
		at   time.Time
		zone *time.Location
		want string
	}{
		{time.Date(2026, 11, 24, 13, 5, 0, 0, time.UTC), berlin, "Tue 24 Nov, 14:05"},
		{time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC), berlin, "Thu 2 Jul, 00:30"},
		{time.Date(2027, 1, 3, 0, 0, 0, 0, time.UTC), nil, "Sun 3 Jan 2027, 00:00"},
		{time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC), berlin, "Fri 1 Jan 2027, 00:30"},
	}
	for _, tt := range tests {
		if got := (Local{now, tt.zone}).At(tt.at); got != tt.want {
			t.Errorf("At(%v) = %q, want %q", tt.at, got, tt.want)
		}
	}
	if got := here.ZoneName(now); got != "Berlin, UTC+1" {
		t.Errorf("zone %q", got)
	}
	for zone, want := range map[string]string{"America/Argentina/Buenos_Aires": "Buenos Aires", "UTC": "UTC"} {
		if got := Place(zone); got != want {
			t.Errorf("Place(%s) = %q, want %q", zone, got, want)
		}
	}
}

func TestAClockThatIsOverSaysSo(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for due, want := range map[time.Duration]string{time.Hour: "First answer in 1 h", -time.Hour: "First answer was due 1 h ago"} {
		c := ClockProps{Label: "First answer", Over: "First answer was due", Due: now.Add(due), Local: Local{Now: now}, Compact: true}
		if got := elements(t, render(t, Clock(c)))[3].text(); got != want {
			t.Errorf("%v: %q, want %q", due, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Mara Lindqvist": "ML", "sam": "S", "": "?", "Anne-Marie O’Neill": "AO", "李 娜": "李娜", "  x  ": "X"} {
		if got := Initials(name); got != want {
			t.Errorf("Initials(%q) = %q, want %q", name, got, want)
		}
	}
}
