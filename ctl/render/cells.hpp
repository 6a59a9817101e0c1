// One value of an answer in both its forms: for people on a terminal, and plain for scripts.
// A value that is not there, as an older daemon might answer, is "-" and nothing. Thread: any;
// pure.
#pragma once

#include "ctl/render/style.hpp"
#include "proto/control/value.hpp"

#include <optional>

namespace p2pd::ctl {

enum class Keep : std::uint8_t { front, back }; // where a narrow column holds a part alone

struct Cell {
  std::string text;  // for people
  std::string plain; // for scripts
  Tint tint = Tint::none;
  Keep keep = Keep::front;
};

// The number, of whichever kind it travelled; nothing for what is none.
std::optional<double> real_of(const proto::Value& value);
std::optional<std::uint64_t> natural_of(const proto::Value& value);
bool is_true(const proto::Value& value);
// Any value as safe text without loss: "" for null, list elements joined by commas.
std::string text_of(const proto::Value& value);
// The elements of a list; none for what is no list.
const proto::Value::Array& list_of(const proto::Value& value);

Cell text_cell(const proto::Value& value); // names, states, addresses, counts
Cell path_cell(const proto::Value& path);  // its end tells most
Cell size_cell(const proto::Value& bytes);
Cell rate_cell(const proto::Value& bytes_per_second);
Cell duration_cell(const proto::Value& seconds);
Cell milliseconds_cell(const proto::Value& milliseconds);
Cell age_cell(const proto::Value& time);    // RFC 3339; for people how long ago that is
Cell state_cell(const proto::Value& state); // coloured by what it means

} // namespace p2pd::ctl
