// Who is connected for the pages, and who makes way for the next: a caller that does not finish its
// request, or does not take its answer, keeps nobody from being served. Pure: the time is passed
// in, and descriptors are names here. Loop thread only.
#pragma once

#include "daemon/io/loop.hpp"

#include <map>
#include <optional>
#include <vector>

namespace p2pd::http {

class Callers final {
 public:
  static constexpr std::size_t most = 64;
  static constexpr std::size_t most_of_network = 32; // io::Endpoint::network()
  static constexpr std::chrono::seconds longest{10}; // however much it sends meanwhile

  // Who has to go, so that one more from there fits: the one that came first of that network where
  // it has as many as it may; where all places are taken, of the one that has the most.
  std::optional<int> leaver_for(std::uint64_t network) const;
  void came(int descriptor, std::uint64_t network, io::Time now);
  void left(int descriptor); // nothing where it is not known

  std::vector<int> overdue(io::Time now) const;
  std::optional<io::Time> next_due() const; // nothing where nobody is there
  std::size_t size() const { return callers_.size(); }

 private:
  struct Caller {
    std::uint64_t network;
    std::uint64_t order; // in which they came
    io::Time since;
  };
  using Queue = std::map<std::uint64_t, int>; // by the order

  std::uint64_t next_ = 0;
  std::map<int, Caller> callers_;
  std::map<std::uint64_t, Queue> networks_;
  Queue all_;
};

} // namespace p2pd::http
