// Rows of an answer for scripts: a line for each, and in it the named fields, separated by a tab,
// as the command table describes them: bytes and rates in whole numbers, times in seconds to the
// millisecond, round-trip times in milliseconds; nothing for what is null. Thread: any; pure.
#pragma once

#include "proto/control/commands.hpp"

#include <initializer_list>

namespace p2pd::ctl {

// What each result of a command holds, and what each row of a list in a result does.
const proto::Record& result_of(std::string_view command);
const proto::Record& row_of(std::string_view command, std::string_view list);

// "peer.name" names a field of an object within the row. The record has each of the keys.
using Keys = std::initializer_list<std::string_view>;
std::string plain_lines(const proto::Record& record, Keys keys, std::span<const proto::Value> rows);

} // namespace p2pd::ctl
