#include "daemon/io/names.hpp"

#include "daemon/io/error.hpp"
#include "daemon/io/resolver.hpp"

#include <algorithm>
#include <mutex>
#include <netdb.h>
#include <thread>

namespace p2pd::io {

namespace {

class NameCategory : public std::error_category {
 public:
  const char* name() const noexcept override { return "resolver"; }
  std::string message(int code) const override {
    return code == late ? "the name servers do not answer" : gai_strerror(code);
  }
  static constexpr int late = 1; // those of getaddrinfo are negative
};

const NameCategory names;

// Any thread; blocks.
NameAnswer look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (code != 0)
    return {{}, {code, names}, code == EAI_AGAIN || code == EAI_SYSTEM || code == EAI_MEMORY};
  NameAnswer answer;
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next)
    if (at->ai_family == AF_INET || at->ai_family == AF_INET6)
      answer.endpoints.emplace_back(*at->ai_addr);
  freeaddrinfo(list);
  return answer;
}

} // namespace

// Outlives the loop where a thread still holds it.
struct Names::Mailbox {
  std::mutex mutex;
  uv_async_t* wake = nullptr; // null: nobody reads it any more
  std::vector<std::pair<std::string, NameAnswer>> answers;

  void put(std::string host, NameAnswer answer) {
    const std::scoped_lock lock(mutex);
    if (wake == nullptr) return;
    answers.emplace_back(std::move(host), std::move(answer));
    uv_async_send(wake);
  }
  std::vector<std::pair<std::string, NameAnswer>> take() {
    const std::scoped_lock lock(mutex);
    return std::exchange(answers, {});
  }
};

Names::Names(Loop& loop)
    : loop_(loop)
    , clock_(loop, bind<&Names::look_at_clock>(this))
    , deliver_(loop, bind<&Names::deliver>(this))
    , mailbox_(std::make_shared<Mailbox>()) {
  auto wake = std::make_unique<uv_async_t>();
  require(uv_async_init(loop_.handle(), wake.get(),
                        [](uv_async_t* handle) {
                          if (handle->data != nullptr) static_cast<Names*>(handle->data)->collect();
                        }),
          "names");
  wake->data = this;
  // The clock keeps the loop going as long as somebody waits; a look-up alone does not.
  uv_unref(reinterpret_cast<uv_handle_t*>(wake.get()));
  mailbox_->wake = wake.release();
}

Names::~Names() {
  const std::scoped_lock lock(mailbox_->mutex);
  Closer<uv_async_t>()(std::exchange(mailbox_->wake, nullptr));
}

void Names::ask(Resolver& resolver, const std::string& host) {
  const Time now = Clock::now();
  if (const NameAnswer* known = cache_.fresh(host, now)) return answer_later(resolver, *known);
  waiters_.push_back({&resolver, host, now});
  start_look_ups();
  set_clock();
}

void Names::answer_later(Resolver& resolver, NameAnswer answer) {
  ready_.push_back({&resolver, std::move(answer)});
  deliver_.schedule();
}

void Names::forget(Resolver& resolver) {
  std::erase_if(waiters_, [&](const Waiter& each) { return each.resolver == &resolver; });
  std::erase_if(ready_, [&](const Ready& each) { return each.resolver == &resolver; });
  set_clock();
}

void Names::start_look_ups() {
  const Time now = Clock::now();
  auto counted = static_cast<std::size_t>(std::ranges::count_if(
      running_, [now](const auto& look_up) { return now - look_up.second < patience; }));
  for (const Waiter& waiter : waiters_) {
    if (counted >= most_at_once || running_.size() >= most_threads) return;
    if (running_.contains(waiter.host)) continue;
    if (!start(waiter.host)) return; // until the next one asks, or the clock
    ++counted;
  }
}

bool Names::start(const std::string& host) try {
  std::thread([mailbox = mailbox_, host] { mailbox->put(host, look_up(host)); }).detach();
  running_.emplace(host, Clock::now());
  return true;
} catch (const std::system_error&) {
  return false; // no more threads for now
}

void Names::collect() {
  const Time now = Clock::now();
  for (auto& [name, answer] : mailbox_->take()) {
    running_.erase(name);
    const NameAnswer counts = cache_.put(name, std::move(answer), now);
    std::erase_if(waiters_, [&, &host = name](const Waiter& waiter) {
      if (waiter.host != host) return false;
      answer_later(*waiter.resolver, counts);
      return true;
    });
  }
  start_look_ups();
  set_clock();
}

void Names::look_at_clock() {
  const Time now = Clock::now();
  std::erase_if(waiters_, [&](const Waiter& waiter) {
    const NameAnswer* const stale = cache_.stale(waiter.host, now);
    if (now - waiter.asked < (stale != nullptr ? stale_patience : patience)) return false;
    answer_later(*waiter.resolver,
                 stale != nullptr ? *stale : NameAnswer{{}, {NameCategory::late, names}, true});
    return true;
  });
  start_look_ups();
  set_clock();
}

void Names::set_clock() {
  if (waiters_.empty()) return clock_.stop();
  const Time now = Clock::now();
  Time next = Time::max();
  for (const Waiter& waiter : waiters_)
    next = std::min(next, waiter.asked + (cache_.stale(waiter.host, now) != nullptr ? stale_patience
                                                                                    : patience));
  clock_.once(ceil_milliseconds(next - now));
}

void Names::deliver() {
  while (!ready_.empty()) {
    Ready next = std::move(ready_.front());
    ready_.pop_front();
    next.resolver->take(std::move(next.answer));
  }
}

} // namespace p2pd::io
