// Runs the programs that the config names when a transfer is done or has failed: each time at most
// once. So that this holds when p2pd is killed, what is about to happen to a hook is kept in the
// state database before it happens:
//
//   "waiting"      kept together with the end of the transfer; started later, by the next p2pd too
//   "running"      kept before it is started, and so it is not started again
//   "exit N", ...  how it ended
//
// A few run at a time, the others wait. Where the system lets none be started, they wait as well,
// and are tried with exponential back-off. One that takes too long is killed. When p2pd stops it
// leaves them alone. Loop thread only.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/disk/outcome.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/io/graveyard.hpp"
#include "daemon/io/process.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/membership/backoff.hpp"
#include "daemon/transfer/transfer_row.hpp"

#include <deque>
#include <functional>
#include <list>

namespace p2pd::transfer {

namespace hook {
constexpr std::string_view waiting = "waiting";
constexpr std::string_view running = "running";
constexpr std::string_view interrupted =
    "interrupted"; // by the end of p2pd: how it went is unknown
} // namespace hook

class HooksListener {
 public:
  using Kept = std::function<void(const disk::Outcome&)>;
  virtual void on_hook(std::uint64_t transfer, std::string_view status, Kept kept) = 0;

 protected:
  ~HooksListener() = default;
};

class Hooks final {
 public:
  static constexpr std::size_t most_running = 4;
  static constexpr io::milliseconds longest = std::chrono::minutes(10);

  explicit Hooks(io::Loop& loop, io::milliseconds limit = longest);
  ~Hooks();
  Hooks(const Hooks&) = delete;
  Hooks& operator=(const Hooks&) = delete;

  void listen(HooksListener& listener) { listener_ = &listener; } // before the first run()
  void apply(const base::Config& config);
  void stop(); // starts none any more

  // What the row of a transfer that ends so is to be kept with: "" where there is no hook for it.
  std::string due(TransferState end) const {
    return std::string(command(end).empty() ? "" : hook::waiting);
  }
  void run(const TransferRow& row); // of one that is waiting

 private:
  class Run;
  const std::vector<std::string>& command(TransferState end) const;
  void start_next();
  void on_kept(const TransferRow& row, const disk::Outcome& kept);
  void start(const TransferRow& row);
  static bool is_passing(const std::error_code& code);
  void start_later(const TransferRow& row, const std::error_code& code);
  void on_over(Run& run, const std::string& status);

  io::Loop& loop_;
  const io::milliseconds limit_;
  HooksListener* listener_ = nullptr;
  std::vector<std::string> on_complete_;
  std::vector<std::string> on_failed_;
  std::string control_socket_;
  std::deque<TransferRow> waiting_;
  std::size_t starting_ = 0; // that are being kept as running
  std::list<std::unique_ptr<Run>> running_;
  io::Graveyard graveyard_;
  io::Timer retry_; // where the database could not be written, or none can be started
  membership::Backoff backoff_;
  // For answers of the state database, which may come when this is gone.
  io::Alive<Hooks> alive_{this};
};

} // namespace p2pd::transfer
