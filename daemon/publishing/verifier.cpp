#include "daemon/publishing/verifier.hpp"

#include "daemon/base/log.hpp"
#include "daemon/publishing/verification.hpp"

#include <algorithm>
#include <ctime>

namespace p2pd::publishing {

namespace {

constexpr io::milliseconds scrub_period{60'000};
constexpr io::milliseconds longest_pause{60'000}; // between two ranges
// The highest speed, if much is to be done in little time: still one range at a time.
constexpr io::milliseconds shortest_pause{20};
constexpr std::uint64_t scrub_range = 8 << 20;
constexpr unsigned most_scrub_doublings = 9; // of the interval between retries

} // namespace

Verifier::Verifier(const VerifierDeps& deps)
    : deps_(deps), scrub_(deps.loop, io::bind<&Verifier::scrub>(this)), graveyard_(deps.loop) {}

Verifier::~Verifier() = default;

void Verifier::scrub_within(io::milliseconds time) {
  scrub_time_ = time;
  scrub_.stop();
  if (time.count() > 0) scrub_.every(std::min(scrub_period, time / 4));
}

void Verifier::verify(library::Item& item, VerifyFollower follower) {
  if (item.fetching)
    return follower.refused(
        {proto::ExitCode::failed,
         '"' + proto::printable(item.names.begin()->first) + "\" is still being fetched",
         "every chunk is verified when it arrives"});
  run(item, std::move(follower), io::milliseconds(0));
}

void Verifier::run(library::Item& item, VerifyFollower follower, io::milliseconds pause) {
  auto verification = std::make_unique<Verification>(*this, item.id, follower, pause);
  Verification& begun = *running_.emplace_back(std::move(verification));
  deps_.openings.open(item, [this, &begun, id = item.id, follower = std::move(follower)](
                                const library::Openings::Opened& opened) {
    library::Item* const found = deps_.library.find(id);
    if (opened && found != nullptr) return begun.start(*opened, found->have);
    follower.refused({proto::ExitCode::failed,
                      opened ? "it was withdrawn meanwhile" : opened.fault().message, ""});
    ended(begun);
    if (!opened) unread(id, opened.fault());
  });
}

// Verifies the least recently verified content, at the pace at which all of them take one period.
void Verifier::scrub() {
  if (scrubbing_) return;
  std::erase_if(held_,
                [this](const auto& held) { return deps_.library.find(held.first) == nullptr; });
  std::uint64_t total = 0;
  const library::Item* const oldest = next_to_scrub(total);
  if (oldest == nullptr) return;
  const auto pause = io::milliseconds(static_cast<std::int64_t>(
      static_cast<double>(scrub_time_.count()) * scrub_range / static_cast<double>(total + 1)));
  scrubbing_ = true;
  const std::string name = oldest->names.begin()->first;
  run(*deps_.library.find(oldest->id),
      {.progress = [](const std::string&, std::uint64_t, std::uint64_t) {},
       .done =
           [this](const Verified& verified) {
             scrubbing_ = false;
             base::log::info("scrub", "{} is intact", verified.name);
           },
       .refused =
           [this, name](const Failure& failure) {
             scrubbing_ = false;
             base::log::warn("scrub", "{}: {}", name, failure.message);
           }},
      std::clamp(pause, shortest_pause, longest_pause));
}

const library::Item* Verifier::next_to_scrub(std::uint64_t& total) const {
  const std::int64_t now = std::time(nullptr);
  const std::int64_t due =
      now - std::chrono::duration_cast<std::chrono::seconds>(scrub_time_).count();
  const library::Item* oldest = nullptr;
  std::int64_t oldest_time = due;
  deps_.library.each([&](const library::Item& item) {
    total += item.size;
    const auto held = held_.find(item.id);
    if (item.fetching || (held != held_.end() && io::Clock::now() < held->second.due)) return;
    const std::int64_t time = held != held_.end() ? 0 : last_verified(item.verified, now);
    if (time > oldest_time || (oldest != nullptr && time == oldest_time)) return;
    oldest = &item;
    oldest_time = time;
  });
  return oldest;
}

void Verifier::unread(const ContentId& content, const disk::Fault& fault) {
  if (const library::Item* const item = deps_.library.find(content);
      item != nullptr && fault.passes()) {
    Held& held = held_[content];
    held.trouble = {item->path.string(), fault.message};
    held.due =
        io::Clock::now() + scrub_period * (1U << std::min(held.tries++, most_scrub_doublings));
  }
  if (fault.meaning() != disk::Meaning::exhausted) deps_.doubt(content);
}

std::vector<library::Trouble> Verifier::troubles() const {
  std::vector<library::Trouble> troubles;
  for (const auto& [content, held] : held_) troubles.push_back(held.trouble);
  return troubles;
}

void Verifier::ended(Verification& verification) {
  graveyard_.take(running_, verification);
}

void Verifier::stop() {
  scrub_.stop();
  running_.clear();
}

} // namespace p2pd::publishing
