#include "proto/control/value.hpp"

#include "proto/error.hpp"

namespace p2pd::proto {

namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>; // clang 14 does not deduce aggregates

template <class T, class V>
auto& as(V& variant, const char* what) {
  auto* held = std::get_if<T>(&variant);
  if (held == nullptr) throw Error(std::string("expected ") + what);
  return *held;
}

} // namespace

Value Value::name(std::string_view bytes) {
  if (printable(bytes) == bytes) return std::string(bytes);
  return Bytes(bytes.begin(), bytes.end());
}

bool Value::boolean() const {
  return as<bool>(value_, "true or false");
}

std::int64_t Value::integer() const {
  if (const auto* natural = std::get_if<std::uint64_t>(&value_))
    if (*natural <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return static_cast<std::int64_t>(*natural);
  return as<std::int64_t>(value_, "an integer");
}

std::uint64_t Value::natural() const {
  if (const auto* integer = std::get_if<std::int64_t>(&value_); integer != nullptr && *integer >= 0)
    return static_cast<std::uint64_t>(*integer);
  return as<std::uint64_t>(value_, "a number, 0 or more");
}

double Value::real() const {
  if (const auto* integer = std::get_if<std::int64_t>(&value_))
    return static_cast<double>(*integer);
  if (const auto* natural = std::get_if<std::uint64_t>(&value_))
    return static_cast<double>(*natural);
  return as<double>(value_, "a number");
}

std::string Value::text() const {
  if (const auto* bytes = std::get_if<Bytes>(&value_))
    return std::string(bytes->begin(), bytes->end());
  return as<std::string>(value_, "a text");
}

const Value::Array& Value::array() const {
  return as<Array>(value_, "a list");
}
const Value::Object& Value::object() const {
  return as<Object>(value_, "a map");
}
Value::Array& Value::array() {
  return as<Array>(value_, "a list");
}
Value::Object& Value::object() {
  return as<Object>(value_, "a map");
}

const Value& Value::operator[](std::string_view key) const {
  static const Value null;
  if (const auto* fields = std::get_if<Object>(&value_))
    for (const Field& field : *fields)
      if (field.first == key) return field.second;
  return null;
}

void Value::set(std::string_view key, Value value) {
  if (is_null()) value_ = Object();
  for (Field& field : object())
    if (field.first == key) {
      field.second = std::move(value);
      return;
    }
  object().emplace_back(std::string(key), std::move(value));
}

void put(Encoder& out, const Value& value) {
  value.visit(Overload{
      [&](std::monostate) { out.nil(); },
      [&](bool b) { out.boolean(b); },
      [&](std::int64_t n) { out.integer(n); },
      [&](std::uint64_t n) { out.natural(n); },
      [&](double r) { out.real(r); },
      [&](const std::string& s) { out.str(s); },
      [&](const Bytes& b) { out.bin(b); },
      [&](const Value::Array& array) {
        out.array(array.size());
        for (const Value& element : array) put(out, element);
      },
      [&](const Value::Object& object) {
        out.map(object.size());
        for (const auto& [key, field] : object) {
          out.str(key);
          put(out, field);
        }
      },
  });
}

// The decoder has limited the depth of this recursion.
void get(Decoder& in, Value& value) {
  constexpr std::size_t any = std::numeric_limits<std::size_t>::max();
  switch (in.peek()) {
  case Decoder::Kind::nil:
    in.nil();
    value = Value();
    return;
  case Decoder::Kind::boolean:
    value = in.boolean();
    return;
  case Decoder::Kind::natural:
    value = in.natural();
    return;
  case Decoder::Kind::negative:
    value = in.integer();
    return;
  case Decoder::Kind::real:
    value = in.real();
    return;
  case Decoder::Kind::str:
    value = in.str(any);
    return;
  case Decoder::Kind::bin: {
    const View bytes = in.bin(any);
    value = Bytes(bytes.begin(), bytes.end());
    return;
  }
  case Decoder::Kind::array: {
    Value::Array array(in.array(any));
    for (Value& element : array) get(in, element);
    value = std::move(array);
    return;
  }
  case Decoder::Kind::map: {
    Value::Object object(in.map(any));
    for (auto& [key, field] : object) {
      key = in.str(255);
      get(in, field);
    }
    value = std::move(object);
    return;
  }
  case Decoder::Kind::end:
    throw Error("a value is missing");
  }
}

} // namespace p2pd::proto
