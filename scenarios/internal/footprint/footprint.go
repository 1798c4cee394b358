// Package footprint measures how much memory a value takes.
package footprint

import (
	"reflect"
	"time"
)

// Of returns about how many bytes of memory a value takes, with all that it refers to.
func Of(value any) int64 {
	v := reflect.ValueOf(value)
	return sizeOf(v.Type()) + behind(v)
}

// mapOverhead is about what an element of a map takes beside its key and value.
const mapOverhead = 16

// behind returns how many bytes a value refers to: those of its texts, lists, maps
// and pointers.
func behind(v reflect.Value) (bytes int64) {
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return 0
		}
		return sizeOf(v.Elem().Type()) + behind(v.Elem())
	case reflect.Slice:
		bytes = int64(v.Cap()) * sizeOf(v.Type().Elem())
		for _, element := range v.Seq2() {
			bytes += behind(element)
		}
	case reflect.Map:
		bytes = int64(v.Len()) * (mapOverhead + sizeOf(v.Type().Key()) + sizeOf(v.Type().Elem()))
		for key, element := range v.Seq2() {
			bytes += behind(key) + behind(element)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return 0 // all times share their locations
		}
		for _, field := range v.Fields() {
			bytes += behind(field)
		}
	}
	return bytes
}

func sizeOf(t reflect.Type) int64 { return int64(t.Size()) }
