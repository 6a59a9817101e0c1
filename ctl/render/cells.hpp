// One value of an answer in both forms: for terminals, and plain for scripts. A missing value, as
// in the answer of an older daemon, is "-" and empty. Thread: any; pure.
#pragma once

#include "ctl/render/style.hpp"
#include "proto/control/value.hpp"

#include <optional>

namespace p2pd::ctl {

enum class Keep : std::uint8_t { front, back }; // which part a narrow column shows

struct Cell {
  std::string text;  // for terminals
  std::string plain; // for scripts
  Tint tint = Tint::none;
  Keep keep = Keep::front;
};

// The number, of any numeric type; nothing if it is not a number.
std::optional<double> real_of(const proto::Value& value);
std::optional<std::uint64_t> natural_of(const proto::Value& value);
bool is_true(const proto::Value& value);
// Any value as safe text without loss: "" for null, list elements joined by commas.
std::string text_of(const proto::Value& value);
// The elements of a list; none if it is not a list.
const proto::Value::Array& list_of(const proto::Value& value);

Cell text_cell(const proto::Value& value); // names, states, addresses, counts
Cell path_cell(const proto::Value& path);  // its end matters most
Cell size_cell(const proto::Value& bytes);
Cell rate_cell(const proto::Value& bytes_per_second);
Cell duration_cell(const proto::Value& seconds);
Cell milliseconds_cell(const proto::Value& milliseconds);
Cell age_cell(const proto::Value& time);    // RFC 3339; on terminals its age
Cell state_cell(const proto::Value& state); // coloured by meaning

} // namespace p2pd::ctl
