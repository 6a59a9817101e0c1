// Answers as JSON, one object per line. Names that are not UTF-8 contain U+FFFD; the id beside a
// name identifies it. Thread: any; pure.
#pragma once

#include "proto/control/value.hpp"

namespace p2pd::ctl {

// An object on one line, with a line feed.
std::string json_line(const proto::Value& object);

// The stable form for scripts: the object with "schema": 1 in front.
proto::Value with_schema(proto::Value object);

} // namespace p2pd::ctl
