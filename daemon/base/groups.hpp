// The group database. Thread: any. Blocking.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace p2pd::base {

std::optional<gid_t> id_of_group(const std::string& name); // nothing for "" and unknown groups

} // namespace p2pd::base
