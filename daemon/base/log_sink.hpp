// Where the lines of the log go: to the journal, entry by entry, where stderr is the journal; else
// to stderr. Nobody waits for a reader or a disk: a line that cannot be written at once is lost,
// and the next one that can be is preceded by how many were. So a full disk, a pipe that nobody
// reads or a terminal that was stopped cost lines of the log and nothing else.
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
  int journal_ = -1; // connected before p2pd shuts itself in
  std::uint64_t lost_ = 0;
};

} // namespace p2pd::base::log
