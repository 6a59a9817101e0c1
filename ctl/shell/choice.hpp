// "fetch NAME" where NAME is several contents: people choose. Thread: one.
#pragma once

#include "ctl/complete/complete.hpp"
#include "ctl/render/screen.hpp"

namespace p2pd::ctl {

// A line of answer; nothing at the end of input.
using Question = std::function<std::optional<std::string>(const std::string& prompt)>;

// Has the requests of a fetch name by their ids what their names do not tell apart. Failure where
// none is chosen.
void choose_contents(Invocation& invocation, const Ask& ask, const Screen& screen,
                     const Question& question);

} // namespace p2pd::ctl
