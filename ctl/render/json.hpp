// Answers as JSON, one object a line. Names that are not UTF-8 have U+FFFD in them; the id that
// stands beside a name addresses it. Thread: any; pure.
#pragma once

#include "proto/control/value.hpp"

namespace p2pd::ctl {

// An object on one line, with its line feed.
std::string json_line(const proto::Value& object);

// What scripts can rely on: the object with "schema": 1 in front.
proto::Value with_schema(proto::Value object);

} // namespace p2pd::ctl
