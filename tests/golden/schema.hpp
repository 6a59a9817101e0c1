// The kinds and bounds of a message's fields in the words of p2p-protocol(7), read off the C++
// types: test_golden.py compares them with the page.
#pragma once

#include "proto/message.hpp"

namespace p2pd::golden {

template <class T>
struct Kind; // one for each field type; a type without one does not compile

template <>
struct Kind<bool> {
  static std::string text() { return "bool"; }
};
template <std::unsigned_integral T>
struct Kind<T> {
  static std::string text() { return 'u' + std::to_string(8 * sizeof(T)); }
};
template <proto::OpenEnum T>
struct Kind<T> : Kind<std::underlying_type_t<T>> {};
template <proto::ClosedEnum T>
struct Kind<T> {
  static std::string text() { return "enum(" + std::to_string(unsigned(T::last)) + ')'; }
};
template <class Tag>
struct Kind<proto::Id<Tag>> {
  static std::string text() { return "id"; }
};
template <std::size_t Max>
struct Kind<proto::Text<Max>> {
  static std::string text() { return "text(" + std::to_string(Max) + ')'; }
};
template <std::size_t Max>
struct Kind<proto::Raw<Max>> {
  static std::string text() { return "raw(" + std::to_string(Max) + ')'; }
};
template <>
struct Kind<proto::Name> {
  static std::string text() { return "name"; }
};
template <>
struct Kind<proto::Bitmap> {
  static std::string text() { return "bitmap"; }
};
template <class T, std::size_t Max>
struct Kind<proto::List<T, Max>> {
  static std::string text() { return "list(" + Kind<T>::text() + ", " + std::to_string(Max) + ')'; }
};

template <class... Fields>
std::string kinds_of(const std::tuple<Fields&...>&) {
  std::string out;
  ((out += (out.empty() ? "" : " ") + Kind<std::remove_cvref_t<Fields>>::text()), ...);
  return out;
}

template <proto::Struct T>
struct Kind<T> {
  static std::string text() {
    const T value{};
    return '[' + kinds_of(T::fields(value)) + ']';
  }
};

// "70 request [u32 id u32]"
template <class M>
std::string schema_line(const M& message) {
  return std::to_string(message.type) + ' ' + std::string(message.title) + " [" +
         kinds_of(M::fields(message)) + "]\n";
}

} // namespace p2pd::golden
