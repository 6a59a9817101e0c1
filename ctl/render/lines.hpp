// Rows of an answer for scripts: one line each with the named fields, separated by tabs, formatted
// as the command table describes them: bytes and rates as whole numbers, times in seconds to the
// millisecond, round-trip times in milliseconds; empty for null. Thread: any; pure.
#pragma once

#include "proto/control/commands.hpp"

#include <initializer_list>

namespace p2pd::ctl {

// The shape of a command's result, and of the rows of a list in it.
const proto::Record& result_of(std::string_view command);
const proto::Record& row_of(std::string_view command, std::string_view list);

// "peer.name" names a field of an object within the row. The record has each of the keys.
using Keys = std::initializer_list<std::string_view>;
std::string plain_lines(const proto::Record& record, Keys keys, std::span<const proto::Value> rows);

} // namespace p2pd::ctl
