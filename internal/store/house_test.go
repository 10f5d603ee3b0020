package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

func TestIdempotency(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		at := time.Date(2026, 3, 1, 12, 0, 0, 5000, time.UTC)
		var effects sync.Map
		pay := func(body string) (store.Answer, error) {
			var got store.Answer
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				old, found, err := tx.Recall("member_1", "key", body)
				if err != nil || found {
					got = old
					return err
				}
				got = store.Answer{Status: 201, Body: []byte("made")}
				return tx.Remember("member_1", "key", body, got, at)
			})
			if err == nil {
				effects.Store(string(got.Body), true)
			}
			return got, err
		}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if a, err := pay("body"); err != nil || a.Status != 201 || string(a.Body) != "made" {
					t.Errorf("answered %v, %v", a, err)
				}
			})
		}
		all.Wait()
		if _, err := pay("other body"); !errors.Is(err, fault.Conflict("")) {
			t.Errorf("another body: %v", err)
		}
		forget := func(before time.Time, most, want int) {
			t.Helper()
			must(t, s.Update(t.Context(), func(tx *store.Tx) error {
				n, err := tx.ForgetAnswers(before, most)
				if err == nil && n != want {
					t.Errorf("forgot %d, want %d", n, want)
				}
				return err
			}))
		}
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			return tx.Remember("member_2", "key", "body", store.Answer{}, at.Add(time.Second))
		}))
		forget(at, 10, 0)
		forget(at.Add(time.Hour), 1, 1)
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			if _, found, err := tx.Recall("member_1", "key", "body"); found || err != nil {
				t.Errorf("still there: %v, %v", found, err)
			}
			if _, found, err := tx.Recall("member_2", "key", "body"); !found || err != nil {
				t.Errorf("the younger one is gone too: %v", err)
			}
			return nil
		}))
	})
}
