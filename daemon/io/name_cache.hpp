// What is known about host names: a pure cache, names and the time go in. A value; loop thread
// only.
//
// getaddrinfo tells no time to live, so answers count for a short fixed time: long enough that many
// who ask for one name at about the same time ask once, short enough that a name that moved is
// followed at once. Where the name servers fail to tell, an older answer is better than none
// (RFC 8767, serving stale data); where they say that there is no such name, it is not.
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
  bool passing = false;            // the failure: another time there may be an answer
};

class NameCache final {
 public:
  static constexpr milliseconds fresh_time{2000};
  static constexpr std::chrono::hours stale_time{24};
  static constexpr std::size_t most = 1000; // names; others push out the oldest

  // What a look-up has told; returns what counts now, that or what is better.
  NameAnswer put(const std::string& name, NameAnswer answer, Time now);
  const NameAnswer* fresh(const std::string& name, Time now) const;
  // Addresses that were good once, for when nobody answers.
  const NameAnswer* stale(const std::string& name, Time now) const;

 private:
  struct Entry {
    NameAnswer answer;
    Time good{};    // when it was heard
    Time checked{}; // when the name was last asked for, whatever came of it
  };
  std::map<std::string, Entry> entries_;
};

} // namespace p2pd::io
