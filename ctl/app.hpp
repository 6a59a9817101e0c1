// p2pctl from its arguments to its exit code. Thread: one. Never throws for what people do wrong:
// that ends as one line on `err`.
#pragma once

#include "proto/control_messages.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace p2pd::ctl {

proto::ExitCode run(const std::vector<std::string>& arguments, std::FILE* out, std::FILE* err);

} // namespace p2pd::ctl
