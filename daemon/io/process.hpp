// A program that p2pd has started. It is the leader of a session and of a process group of its own,
// reads from /dev/null, writes where this process logs, and has no other descriptor. Member of the
// object it calls; dropping it leaves the program alone, and its end to the Reaper. Loop thread
// only.
#pragma once

#include "daemon/io/loop.hpp"

#include <optional>
#include <string>
#include <vector>

namespace p2pd::io {

class Process final {
 public:
  // The exit code; or the signal that ended it, where that is not 0.
  using Ended = Bound<void(int code, int signal)>;

  // `arguments` begins with the path of the program, `environment` is NAME=VALUE. Blocks until the
  // program runs. Throws std::system_error where it cannot be started.
  Process(Loop& loop, const std::vector<std::string>& arguments,
          const std::vector<std::string>& environment, Ended ended);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void kill(); // it and its process group

 private:
  Loop& loop_;
  Owned<uv_process_t> handle_;
  Ended ended_;
};

} // namespace p2pd::io
