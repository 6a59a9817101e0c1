#include "daemon/io/timer.hpp"

#include "daemon/io/error.hpp"

#include <algorithm>

namespace p2pd::io {

namespace {

void fire(uv_timer_t* handle) noexcept {
  if (const auto* call = static_cast<Bound<void()>*>(handle->data)) (*call)();
}

void start(uv_timer_t* handle, milliseconds delay, milliseconds period) {
  // The loop's clock is as old as its last turn; a timer counts from now.
  uv_update_time(handle->loop);
  uv_timer_start(handle, fire, static_cast<std::uint64_t>(std::max(delay, milliseconds(0)).count()),
                 static_cast<std::uint64_t>(period.count()));
}

} // namespace

Timer::Timer(Loop& loop, Bound<void()> call) : handle_(new uv_timer_t), call_(call) {
  require(uv_timer_init(loop.handle(), handle_.get()), "timer");
  handle_->data = &call_;
}

void Timer::once(milliseconds delay) {
  start(handle_.get(), delay, milliseconds(0));
}
void Timer::every(milliseconds period) {
  start(handle_.get(), period, period);
}
void Timer::stop() {
  uv_timer_stop(handle_.get());
}

bool Timer::active() const {
  return uv_is_active(reinterpret_cast<const uv_handle_t*>(handle_.get())) != 0;
}

} // namespace p2pd::io
