#include "daemon/swarm/sample.hpp"

#include <algorithm>
#include <functional>

namespace p2pd::swarm {

void sample(std::vector<Candidate>& candidates, std::size_t limit, std::minstd_rand& chance) {
  if (candidates.size() <= limit) return;
  const auto begin = candidates.begin(), end = candidates.end();
  std::shuffle(begin, end, chance);
  const auto rare_end = std::partition(begin, end, std::mem_fn(&Candidate::rare));
  const auto rest = begin + std::min(static_cast<std::ptrdiff_t>(limit / 3), rare_end - begin);
  const auto near_end = std::partition(rest, end, std::mem_fn(&Candidate::near));
  std::shuffle(near_end, end, chance); // those with rare chunks came to stand first
  candidates.resize(limit);
}

} // namespace p2pd::swarm
