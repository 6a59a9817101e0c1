// What a run has come to, against what no swarm can beat.
//
// The bound is, for F bytes, receivers of rates u_i and d_i, and sources that send u_s together:
//
//   max( F / u_s,  F / min d_i,  N F / (u_s + sum u_i),
//        for each site behind B that holds no source: F / B,  |S| F / (B + sum of u_i in S) )
//
// (Mundinger, Weber and Weiss, "Optimal Scheduling of Peer-to-Peer File Dissemination", 2008).
// Headers of packets are not in it, so 1.05 is what the best swarm can reach.
#pragma once

#include "tests/sim/world.hpp"

namespace p2pd::sim {

struct Result {
  std::string name;
  std::string title;
  bool complete = false;
  std::size_t receivers = 0;
  double bound = 0; // seconds
  double last = 0;  // of those who got everything, since each has joined; seconds
  double median = 0;
  double percentile = 0; // the 99th
  double copies = 0;     // of the content, that the seeders sent
  double twice = 0;      // of what was sent, the part that was not needed
  double crossing = 0;   // copies that went into the site that got most
  double wall = 0;       // seconds that it took to find out
  std::uint64_t events = 0;
  std::vector<std::string> broken; // of what has to hold

  double score() const { return last / bound; }
};

double bound(const Scenario& scenario);
Result judge(const World& world, const std::string& name, bool complete, double wall);
std::string heading();
std::string row(const Result& result);

} // namespace p2pd::sim
