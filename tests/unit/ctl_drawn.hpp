// What a command prints on a terminal, and into a pipe.
#pragma once

#include "ctl/commands/commands.hpp"

namespace p2pd::ctl {

constexpr Style terminal{.terminal = true};
constexpr Style piped{};

inline std::string drawn(std::string (*render)(Answers, const Style&), const proto::Value& answer,
                         const Style& style) {
  return render({&answer, 1}, style);
}

} // namespace p2pd::ctl
