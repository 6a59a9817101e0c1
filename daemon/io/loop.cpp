#include "daemon/io/loop.hpp"

#include "daemon/io/error.hpp"
#include "daemon/io/names.hpp"

#include <algorithm>
#include <cassert>
#include <csignal>

namespace p2pd::io {

Loop::Loop() {
  // Writing to what the other side has closed is an error of that connection, not our end; and
  // writing beyond RLIMIT_FSIZE one of that file.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  require(uv_loop_init(&loop_), "event loop");
  uv_loop_configure(&loop_, UV_METRICS_IDLE_TIME);
  before_wait_.reset(new uv_prepare_t);
  after_wait_.reset(new uv_check_t);
  uv_prepare_init(&loop_, before_wait_.get());
  uv_check_init(&loop_, after_wait_.get());
  before_wait_->data = after_wait_->data = this;
  // What timers deferred runs before the wait, what sockets and jobs deferred right after it.
  uv_prepare_start(before_wait_.get(), [](uv_prepare_t* handle) noexcept {
    auto* const loop = static_cast<Loop*>(handle->data);
    loop->run_deferred();
    loop->end_turn();
  });
  uv_check_start(after_wait_.get(), [](uv_check_t* handle) noexcept {
    static_cast<Loop*>(handle->data)->run_deferred();
  });
  // They serve the others and do not keep the loop alive by themselves.
  uv_unref(reinterpret_cast<uv_handle_t*>(before_wait_.get()));
  uv_unref(reinterpret_cast<uv_handle_t*>(after_wait_.get()));
}

Loop::~Loop() {
  names_.reset();
  // Whatever died after the last turn has left a gap, and nothing else may be left.
  assert(std::ranges::all_of(deferred_, [](const Deferred* left) { return left == nullptr; }));
  before_wait_.reset();
  after_wait_.reset();
  uv_run(&loop_, UV_RUN_DEFAULT);
  [[maybe_unused]] const int status = uv_loop_close(&loop_);
  assert(status == 0);
}

Names& Loop::names() {
  if (names_ == nullptr) names_ = std::make_unique<Names>(*this);
  return *names_;
}

void Loop::run() {
  turn_begin_ = uv_hrtime();
  idle_before_ = uv_metrics_idle_time(&loop_);
  run_deferred(); // what was scheduled before the loop ran
  uv_run(&loop_, UV_RUN_DEFAULT);
  end_turn();
}

void Loop::end_turn() {
  const std::uint64_t now = uv_hrtime();
  const std::uint64_t idle = uv_metrics_idle_time(&loop_);
  lag_.add(std::chrono::nanoseconds(now - turn_begin_ - (idle - idle_before_)));
  turn_begin_ = now;
  idle_before_ = idle;
}

void Loop::run_deferred() {
  // By index: a call may defer more, or take others off the list.
  for (std::size_t i = 0; i < deferred_.size(); ++i) {
    Deferred* const next = deferred_[i];
    if (next == nullptr) continue;
    deferred_[i] = nullptr;
    next->scheduled_ = false;
    next->call_();
  }
  deferred_.clear();
}

Deferred::~Deferred() {
  if (scheduled_)
    std::replace(loop_.deferred_.begin(), loop_.deferred_.end(), this,
                 static_cast<Deferred*>(nullptr));
}

void Deferred::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  loop_.deferred_.push_back(this);
}

} // namespace p2pd::io
