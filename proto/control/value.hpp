// A tree of plain values: parameters and answers of commands, for msgpack on the control socket and
// for JSON. Thread: any; values only.
#pragma once

#include "proto/codec.hpp"

#include <concepts>
#include <initializer_list>
#include <utility>
#include <variant>

namespace p2pd::proto {

class Value {
 public:
  using Array = std::vector<Value>;
  using Field = std::pair<std::string, Value>;
  using Object = std::vector<Field>; // in the order of display

  Value() = default;
  Value(bool value) : value_(value) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Value(T number) {
    if constexpr (std::is_signed_v<T>)
      value_ = std::int64_t{number};
    else
      value_ = std::uint64_t{number};
  }
  Value(double value) : value_(value) {}
  Value(const char* text) : value_(std::string(text)) {}
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(std::string text) : value_(std::move(text)) {}
  Value(Bytes bytes) : value_(std::move(bytes)) {}
  Value(Array array) : value_(std::move(array)) {}
  Value(Object object) : value_(std::move(object)) {}
  Value(std::initializer_list<Field> fields) : value_(Object(fields)) {}

  // A name or path: str if it is UTF-8, else bin.
  static Value name(std::string_view bytes);

  // The value if it is of this kind; else throws Error.
  bool boolean() const;
  std::int64_t integer() const;
  std::uint64_t natural() const;
  double real() const;      // of any number
  std::string text() const; // str or bin, as bytes
  const Array& array() const;
  const Object& object() const;
  Array& array();
  Object& object();

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  template <class Visitor>
  decltype(auto) visit(Visitor&& visitor) const {
    return std::visit(std::forward<Visitor>(visitor), value_);
  }

  // The field of an object; null if there is none.
  const Value& operator[](std::string_view key) const;
  // Sets or adds a field; a null value becomes an object.
  void set(std::string_view key, Value value);

  bool operator==(const Value&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Bytes, Array,
               Object>
      value_;
};

void put(Encoder& out, const Value& value);
void get(Decoder& in, Value& value);

} // namespace p2pd::proto
