// The HTTP clients that are connected, and which of them is evicted for the next: a client that
// does not finish its request or does not read its answer blocks nobody. Pure: the time is passed
// in, and descriptors are only names. Loop thread only.
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
  static constexpr std::chrono::seconds longest{10}; // per connection, whatever it sends

  // Whom to evict so that one more from this network fits: the oldest of the network if it is at
  // its limit; if all places are taken, the oldest of the network that has most.
  std::optional<int> leaver_for(std::uint64_t network) const;
  void came(int descriptor, std::uint64_t network, io::Time now);
  void left(int descriptor); // idempotent

  std::vector<int> overdue(io::Time now) const;
  std::optional<io::Time> next_due() const; // nothing: there are no callers
  std::size_t size() const { return callers_.size(); }

 private:
  struct Caller {
    std::uint64_t network;
    std::uint64_t order; // of arrival
    io::Time since;
  };
  using Queue = std::map<std::uint64_t, int>; // by order

  std::uint64_t next_ = 0;
  std::map<int, Caller> callers_;
  std::map<std::uint64_t, Queue> networks_;
  Queue all_;
};

} // namespace p2pd::http
