// A cache of resolved host names. Pure: names and the time are passed in. A value; loop thread
// only.
//
// getaddrinfo reports no time to live, so answers are valid for a short fixed time: long enough
// that several requests for one name cause one look-up, short enough to follow a name that has
// moved. If the name servers fail, an older answer is served (RFC 8767, serving stale data); if
// they say that the name does not exist, it is not.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/io/loop.hpp"

#include <map>
#include <string>
#include <system_error>

namespace p2pd::io {

struct NameAnswer {
  std::vector<Endpoint> endpoints; // with port 0, in the system's order of preference
  std::error_code failure;         // why there are none
  bool passing = false;            // the failure is temporary
};

class NameCache final {
 public:
  static constexpr milliseconds fresh_time{2000};
  static constexpr std::chrono::hours stale_time{24};
  static constexpr std::size_t most = 1000; // names; then the oldest are evicted

  // Stores the result of a look-up; returns the answer to use now, which may be an older one.
  NameAnswer put(const std::string& name, NameAnswer answer, Time now);
  const NameAnswer* fresh(const std::string& name, Time now) const;
  // Addresses of an earlier answer, for when the name servers do not answer.
  const NameAnswer* stale(const std::string& name, Time now) const;

 private:
  struct Entry {
    NameAnswer answer;
    Time good{};    // when the answer came
    Time checked{}; // when it was last looked up, with any result
  };
  std::map<std::string, Entry> entries_;
};

} // namespace p2pd::io
