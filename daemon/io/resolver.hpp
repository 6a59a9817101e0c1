// Host names to addresses, on the pool. One look-up at a time; dropping the resolver drops the
// answer.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/io/job.hpp"

#include <vector>

namespace p2pd::io {

class Resolver final {
 public:
  // Called with every address, in the system's order of preference, or with none and the cause.
  using Found = Bound<void(std::vector<Endpoint>, std::error_code)>;
  Resolver(Loop& loop, Found found) : loop_(loop), found_(found) {}

  void look_up(
      const base::HostPort& name); // a literal address is answered on the loop as well, not at once
  bool running() const { return job_.running(); }
  void cancel() { job_.drop(); }

 private:
  Loop& loop_;
  Found found_;
  Job job_;
};

// Addresses of this machine's interfaces that are up, loopback included.
std::vector<Endpoint> interface_addresses(std::uint16_t port);
// Whether no router stands between: it is in the network of one of the interfaces.
bool on_own_network(const Endpoint& remote);

} // namespace p2pd::io
