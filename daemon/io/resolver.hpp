// Resolves host names within a time limit (names.hpp). One look-up at a time; dropping the resolver
// discards the answer. Loop thread only.
#pragma once

#include "daemon/io/names.hpp"

namespace p2pd::io {

class Resolver final {
 public:
  // Called with all addresses, in the system's order of preference, or with none and the cause.
  using Found = Bound<void(std::vector<Endpoint>, std::error_code)>;
  Resolver(Loop& loop, Found found);
  ~Resolver() { cancel(); }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Never answered synchronously, not even for a literal address.
  void look_up(const base::HostPort& name);
  bool running() const { return running_; }
  void cancel();

 private:
  friend class Names;
  void take(NameAnswer answer);

  Loop& loop_;
  Found found_;
  bool running_ = false;
  std::uint16_t port_ = 0;
};

} // namespace p2pd::io
