// The shape of an answer or event of a command: name, type, unit and meaning of each field, and
// when it is null or absent. The keys in p2pctl-json(5) are generated from it, and builds for
// tests check every answer against it. Thread: any; constant data and pure functions.
#pragma once

#include "proto/control/value.hpp"

#include <optional>
#include <span>

namespace p2pd::proto {

enum class Type : std::uint8_t {
  object,
  boolean,
  integer, // 0 or more
  number,  // 0 or more, with a fraction
  text,
  word,       // one of a fixed set
  time,       // RFC 3339, in UTC and whole seconds
  content_id, // 64 hexadecimal digits
  peer_id,    // 52 base32 digits
  address     // HOST:PORT, where HOST is a name, an IPv4 address, or an IPv6 address in brackets;
              // from another node it may be any text
};
enum class Unit : std::uint8_t { none, bytes, bytes_per_second, seconds, milliseconds };

struct Record;

struct Field {
  std::string_view name;
  Type type = Type::text;
  Unit unit = Unit::none;
  bool list = false; // a list of these
  std::span<const std::string_view> words = {};
  const Record* record = nullptr; // of an object
  // When it is null, in words that follow "null", and when it is present, in words that follow
  // "only": "on a peer", "if it is done". "": never null, always present.
  std::string_view null = {};
  std::string_view only = {};
  std::string_view meaning = {};
};

struct Record {
  std::span<const Field> fields;
};

// Where and how a body does not fit: "files[3].size: expected a number". Nothing: it fits.
std::optional<std::string> misfit(const Record& record, const Value& body);

} // namespace p2pd::proto
