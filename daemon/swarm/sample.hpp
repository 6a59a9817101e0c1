// Which of the holders of a content a tracker names to a peer that asks for some. Pure policy: the
// source of chance is passed in. Thread: any; values only.
//
// Of many holders a peer needs a few, and not the same as all others. In this order, while fewer
// than `limit` are chosen: up to a third are holders of what hardly anybody has, so that it spreads
// and each part of a swarm can become whole; then those at the site of the asker; then any, so that
// the load is spread. Takes time linear in the candidates.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace p2pd::swarm {

// A holder that may be named, by the caller's number.
struct Candidate {
  std::uint32_t number = 0;
  bool rare = false; // it has what is rare
  bool near = false; // it is at the site of the asker
};

// At most `limit` of them; all, in the order given, where they are no more.
void sample(std::vector<Candidate>& candidates, std::size_t limit, std::minstd_rand& chance);

} // namespace p2pd::swarm
