// The types of message fields, each with its bounds in its type, and their encoding. A message
// lists its fields once (`fields`), and that list is both its encoder and its decoder.
//
//   unsigned, bool   msgpack integer, boolean     Text<N>   str, at most N bytes
//   closed enum      integer up to its `last`     Raw<N>    bin, at most N bytes
//   ids              bin of 32 bytes              Name      bin, 1..255 bytes, no '/' nor NUL
//   List<T, N>       array, at most N             Bitmap    bin, chunk 0 is byte 0's top bit
//   a struct         array of its fields
//
// Constraints beyond a single field are in the struct's `check`, which decoding calls.
//
// Thread: any; values only. Decoding throws Error.
#pragma once

#include "proto/codec.hpp"
#include "proto/error.hpp"
#include "proto/ids.hpp"

#include <tuple>
#include <type_traits>

namespace p2pd::proto {

template <std::size_t Max>
struct Text : std::string {
  static constexpr std::size_t max = Max;
  Text() = default;
  Text(std::string value) : std::string(std::move(value)) {}
  Text(const char* value) : std::string(value) {}
};

// Text-like bytes that need not be UTF-8: words, paths, cursors.
template <std::size_t Max>
struct Raw : std::string {
  static constexpr std::size_t max = Max;
  Raw() = default;
  Raw(std::string value) : std::string(std::move(value)) {}
  Raw(const char* value) : std::string(value) {}
};

template <class T, std::size_t Max>
struct List : std::vector<T> {
  static constexpr std::size_t max = Max;
  using std::vector<T>::vector;
};

// What a publisher calls a content: bytes, not text.
struct Name {
  static constexpr std::size_t max = 255;
  std::string bytes;

  auto operator<=>(const Name&) const = default;
};
// Not empty, not too long, without '/' and NUL, and not "." or "..": it becomes a file name.
bool valid_name(std::string_view bytes);

// The chunks that a node has. Surplus bits of the last byte are zero.
struct Bitmap {
  static constexpr std::size_t max = (1U << 20) / 8;
  Bytes bits;

  bool operator==(const Bitmap&) const = default;
};

// "1.2.3.4:7440", "[2001:db8::1]:7440" or "host.example:7440".
using Address = Text<270>;

template <class T>
concept Struct = requires(T& value) {
  T::fields(value);
};
template <class T>
concept ClosedEnum = std::is_enum_v<T> && requires {
  T::last;
};
template <class T>
concept OpenEnum = std::is_enum_v<T> && !ClosedEnum<T>;

inline void put(Encoder& out, bool value) {
  out.boolean(value);
}
template <std::unsigned_integral T>
void put(Encoder& out, T value) {
  out.natural(value);
}
template <class T>
requires std::is_enum_v<T>
void put(Encoder& out, T value) {
  out.natural(static_cast<std::uint64_t>(value));
}
template <class Tag>
void put(Encoder& out, const Id<Tag>& value) {
  out.bin(value.bytes);
}
template <std::size_t Max>
void put(Encoder& out, const Text<Max>& value) {
  out.str(value);
}
template <std::size_t Max>
void put(Encoder& out, const Raw<Max>& value) {
  out.bin(view(value));
}
inline void put(Encoder& out, const Name& value) {
  out.bin(view(value.bytes));
}
inline void put(Encoder& out, const Bitmap& value) {
  out.bin(value.bits);
}
template <Struct T>
void put(Encoder& out, const T& value);

template <class T, std::size_t Max>
void put(Encoder& out, const List<T, Max>& list) {
  out.array(list.size());
  for (const T& element : list) put(out, element);
}

template <Struct T>
void put(Encoder& out, const T& value) {
  std::apply(
      [&](const auto&... field) {
        out.array(sizeof...(field));
        (put(out, field), ...);
      },
      T::fields(value));
}

inline void get(Decoder& in, bool& value) {
  value = in.boolean();
}
template <std::unsigned_integral T>
void get(Decoder& in, T& value) {
  value = static_cast<T>(in.natural(std::numeric_limits<T>::max()));
}
template <OpenEnum T>
void get(Decoder& in, T& value) {
  value = static_cast<T>(in.natural(std::numeric_limits<std::underlying_type_t<T>>::max()));
}
template <ClosedEnum T>
void get(Decoder& in, T& value) {
  value = static_cast<T>(in.natural(static_cast<std::uint64_t>(T::last)));
}
template <class Tag>
void get(Decoder& in, Id<Tag>& value) {
  const View bytes = in.bin(value.size);
  if (bytes.size() != value.size) throw Error("an id is not 32 bytes long");
  std::copy(bytes.begin(), bytes.end(), value.bytes.begin());
}
template <std::size_t Max>
void get(Decoder& in, Text<Max>& value) {
  value = std::string(in.str(Max));
}
template <std::size_t Max>
void get(Decoder& in, Raw<Max>& value) {
  value = std::string(text(in.bin(Max)));
}
inline void get(Decoder& in, Name& value) {
  value.bytes = text(in.bin(Name::max));
  if (!valid_name(value.bytes)) throw Error("a name is empty or holds '/' or NUL");
}
inline void get(Decoder& in, Bitmap& value) {
  const View bits = in.bin(Bitmap::max);
  value.bits.assign(bits.begin(), bits.end());
}
template <Struct T>
void get(Decoder& in, T& value);

template <class T>
void check(const T& value) {
  if constexpr (requires { value.check(); }) value.check();
}

template <class T, std::size_t Max>
void get(Decoder& in, List<T, Max>& list) {
  list.resize(in.array(Max));
  for (T& element : list) get(in, element);
}

template <Struct T>
void get(Decoder& in, T& value) {
  std::apply(
      [&](auto&... field) {
        in.array_of(sizeof...(field));
        (get(in, field), ...);
      },
      T::fields(value));
  check(value);
}

} // namespace p2pd::proto
