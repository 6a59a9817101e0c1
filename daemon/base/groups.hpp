// The group database. Thread: any. Blocking.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace p2pd::base {

std::optional<gid_t> id_of_group(const std::string& name); // nothing for "", and for no such group

} // namespace p2pd::base
