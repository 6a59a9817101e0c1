#include "daemon/io/graveyard.hpp"

#include <utility>

namespace p2pd::io {

// What is freed may bury more, which has its own turn.
void Graveyard::clear() {
  const auto dead = std::exchange(dead_, {});
}

} // namespace p2pd::io
