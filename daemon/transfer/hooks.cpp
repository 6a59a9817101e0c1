#include "daemon/transfer/hooks.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/system_limits.hpp"

#include <algorithm>
#include <cstdlib>

namespace p2pd::transfer {

namespace {

constexpr io::milliseconds retry_delay{10'000};

void whether_kept_or_not(const disk::Outcome&) {}

base::log::Fields fields_of(std::uint64_t transfer) {
  return {{"transfer", std::to_string(transfer)}};
}

// Nothing of p2pd's own environment but what any program wants to know: what systemd has put there
// is for p2pd alone.
std::vector<std::string> environment_of(const TransferRow& row, const std::string& socket) {
  std::vector<std::string> list{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                "P2PD_ID=" + std::to_string(row.request.id),
                                "P2PD_NAME=" + row.request.name,
                                "P2PD_CONTENT=" + proto::to_text(row.request.content),
                                "P2PD_PATH=" + row.path,
                                "P2PD_SIZE=" + std::to_string(row.size),
                                "P2PD_STATE=" + std::string(to_text(row.state)),
                                "P2PD_ERROR=" + row.failure.message,
                                "P2PCTL_SOCKET=" + socket};
  for (const char* const name : {"HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ"})
    if (const char* const value = std::getenv(name))
      list.push_back(std::string(name) + '=' + value);
  return list;
}

} // namespace

// One that runs.
class Hooks::Run {
 public:
  Run(Hooks& hooks, const TransferRow& row)
      : hooks_(hooks)
      , id_(row.request.id)
      , process_(hooks.loop_, hooks.command(row.state), environment_of(row, hooks.control_socket_),
                 io::bind<&Run::on_ended>(this))
      , limit_(hooks.loop_, io::bind<&Run::on_limit>(this)) {
    limit_.once(hooks.limit_);
  }
  std::uint64_t id() const { return id_; }

 private:
  void on_limit() {
    too_long_ = true;
    process_.kill();
  }
  void on_ended(int code, int signal) {
    limit_.stop();
    hooks_.on_over(*this, too_long_     ? "too long"
                          : signal != 0 ? "signal " + std::to_string(signal)
                                        : "exit " + std::to_string(code));
  }

  Hooks& hooks_;
  const std::uint64_t id_;
  bool too_long_ = false;
  io::Process process_;
  io::Timer limit_;
};

Hooks::Hooks(io::Loop& loop, io::milliseconds limit)
    : loop_(loop)
    , limit_(limit)
    , graveyard_(loop)
    , retry_(loop, io::bind<&Hooks::start_next>(this)) {}

Hooks::~Hooks() = default;

void Hooks::apply(const base::Config& config) {
  on_complete_ = config.on_complete;
  on_failed_ = config.on_failed;
  control_socket_ = config.control_socket.string();
}

void Hooks::stop() {
  alive_.end();
  waiting_.clear();
  running_.clear();
  retry_.stop();
}

const std::vector<std::string>& Hooks::command(TransferState end) const {
  return end == TransferState::done ? on_complete_ : on_failed_;
}

void Hooks::run(const TransferRow& row) {
  if (alive_.ended()) return; // the next p2pd does it
  waiting_.push_back(row);
  start_next();
}

void Hooks::start_next() {
  while (!retry_.active() && !waiting_.empty() && running_.size() + starting_ < most_running) {
    const TransferRow row = std::move(waiting_.front());
    waiting_.pop_front();
    ++starting_;
    listener_->on_hook(
        row.request.id, hook::running,
        alive_.guard([row](Hooks& self, const disk::Outcome& kept) { self.on_kept(row, kept); }));
  }
}

void Hooks::on_kept(const TransferRow& row, const disk::Outcome& kept) {
  --starting_;
  if (kept) return start(row);
  waiting_.push_front(row);
  retry_.once(retry_delay);
}

// A limit on processes, memory or descriptors: that passes.
bool Hooks::is_passing(const std::error_code& code) {
  return code == std::errc::resource_unavailable_try_again ||
         code == std::errc::not_enough_memory || code == std::errc::too_many_files_open ||
         code == std::errc::too_many_files_open_in_system;
}

void Hooks::start_later(const TransferRow& row, const std::error_code& code) {
  const std::string why = code == std::errc::resource_unavailable_try_again ? base::task_limit()
                          : code == std::errc::not_enough_memory            ? base::memory_limit()
                                                                            : code.message();
  base::log::warn("hooks", fields_of(row.request.id), "it waits until it can be started: {}", why);
  listener_->on_hook(row.request.id, hook::waiting, whether_kept_or_not);
  waiting_.push_front(row);
  retry_.once(backoff_.next());
}

void Hooks::start(const TransferRow& row) {
  if (command(row.state).empty()) return start_next(); // the config is another one by now
  const std::string& program = command(row.state).front();
  try {
    running_.push_back(std::make_unique<Run>(*this, row));
    backoff_.reset();
    base::log::info("hooks", fields_of(row.request.id), "{} runs", program);
  } catch (const std::system_error& error) {
    if (is_passing(error.code())) return start_later(row, error.code());
    base::log::error("hooks", fields_of(row.request.id), "{} cannot be started: {}", program,
                     error.code().message());
    listener_->on_hook(row.request.id, "not started: " + error.code().message(),
                       whether_kept_or_not);
    start_next();
  }
}

void Hooks::on_over(Run& run, const std::string& status) {
  if (status == "exit 0")
    base::log::info("hooks", fields_of(run.id()), "{}", status);
  else
    base::log::warn("hooks", fields_of(run.id()), "{}", status);
  listener_->on_hook(run.id(), status, whether_kept_or_not);
  graveyard_.take(running_, run);
  start_next();
}

} // namespace p2pd::transfer
