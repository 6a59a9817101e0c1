// Where log lines go: to the systemd journal if stderr is the journal, otherwise to stderr. Writing
// never blocks: a line that cannot be written at once is dropped, and the next one that can be is
// preceded by the number of dropped lines. So a full disk, an unread pipe or a stopped terminal
// costs log lines and nothing else.
//
// Thread: one at a time. Source: systemd.io/JOURNAL_NATIVE_PROTOCOL. (Why not sd_journal_sendv: it
// waits while the journal is busy.)
#pragma once

#include "daemon/base/log.hpp"

#include <string>

namespace p2pd::base::log {

class Sink final {
 public:
  explicit Sink(const char* journal_socket = "/run/systemd/journal/socket");
  ~Sink();
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  void put(const Line& line);

 private:
  bool write(const Line& line);
  bool write_entry(const Line& line) const;

  const bool in_journal_;
  int journal_ = -1; // connected before p2pd is confined
  std::uint64_t lost_ = 0;
};

} // namespace p2pd::base::log
