package faults_test

import (
	"testing"

	"github.com/losantmock/losantmock/mockserver/internal/mocktest"
)

func TestMain(m *testing.M) { mocktest.Main(m) }
