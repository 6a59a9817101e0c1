// Which link makes way where all connections of this node are in use and another one is needed.
// Pure; the time is passed in.
#pragma once

#include "daemon/io/loop.hpp"

#include <optional>
#include <span>
#include <tuple>

namespace p2pd::peer {

struct Standing {
  bool busy = false;   // something is on its way over it, or was asked for
  bool wanted = false; // one side wants what the other may have
  io::Time used{};     // when something was last asked for over it
};

// A link that was used so recently may be used again in a moment.
constexpr io::Clock::duration recent = std::chrono::seconds(5);

// Its index. A link that is used makes way for nothing but what `must` have a place.
inline std::optional<std::size_t> least_useful(std::span<const Standing> links, io::Time now,
                                               bool must) {
  std::optional<std::size_t> least;
  const auto rank = [](const Standing& link) {
    return std::tuple(link.busy, link.wanted, link.used);
  };
  for (std::size_t i = 0; i < links.size(); ++i) {
    const Standing& link = links[i];
    if (!must && (link.busy || now - link.used < recent)) continue;
    if (!least || rank(link) < rank(links[*least])) least = i;
  }
  return least;
}

} // namespace p2pd::peer
