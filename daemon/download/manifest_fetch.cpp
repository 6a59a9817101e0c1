#include "daemon/download/manifest_fetch.hpp"

#include "daemon/base/log.hpp"
#include "daemon/library/checked_manifest.hpp"

#include <algorithm>

namespace p2pd::download {

namespace {

constexpr io::milliseconds manifest_tick{100};
constexpr io::Clock::duration rest_of_busy = std::chrono::seconds(1);

} // namespace

ManifestFetch::ManifestFetch(io::Loop& loop, const ContentId& content, links::LinkUser& asker,
                             Done done)
    : loop_(loop)
    , content_(content)
    , asker_(asker)
    , done_(std::move(done))
    , tick_(loop, io::bind<&ManifestFetch::on_tick>(this)) {}

ManifestFetch::Sources::iterator ManifestFetch::find(const links::Link& link) {
  return std::ranges::find(sources_, &link, &Source::link);
}

ManifestFetch::Request* ManifestFetch::request_of(const links::Link& link,
                                                  proto::RequestId request) {
  const auto source = find(link);
  if (source == sources_.end() || !source->request || source->request->id != request)
    return nullptr;
  return &*source->request;
}

bool ManifestFetch::awaits(const links::Link& link) const {
  const auto source = std::ranges::find(sources_, &link, &Source::link);
  return source != sources_.end() && source->request.has_value();
}

void ManifestFetch::add_source(links::Link& link) {
  if (find(link) != sources_.end()) return;
  sources_.push_back({.link = &link});
  if (!tick_.active()) tick_.every(manifest_tick);
  advance();
}

void ManifestFetch::remove_source(links::Link& link) {
  const auto source = find(link);
  if (source == sources_.end()) return;
  withdraw(source);
  sources_.erase(source);
  if (sources_.empty()) tick_.stop();
  advance();
}

void ManifestFetch::stop() {
  tick_.stop();
  checks_.clear();
  for (auto source = sources_.begin(); source != sources_.end(); ++source) withdraw(source);
  sources_.clear();
  trials_ = 0;
}

std::size_t ManifestFetch::kept() const {
  std::size_t bytes = 0;
  for (const Source& source : sources_)
    if (source.request) bytes += source.request->bytes->size();
  return bytes;
}

// For so many bytes more of this one.
void ManifestFetch::make_room(const Request& request, std::size_t bytes) {
  while (kept() + bytes > proto::max_manifest) {
    auto least = sources_.end();
    for (auto source = sources_.begin(); source != sources_.end(); ++source) {
      if (!source->request || &*source->request == &request || source->request->bytes->empty())
        continue;
      if (least == sources_.end() || source->request->whole < least->request->whole) least = source;
    }
    if (least == sources_.end()) break;
    let_go(least, io::Clock::now());
  }
  arrived_.set(kept() + bytes);
}

void ManifestFetch::withdraw(Sources::iterator source) {
  if (!source->request) return;
  source->link->cancel(source->request->id);
  source->request.reset();
  arrived_.set(kept());
}

void ManifestFetch::ask(Sources::iterator source, io::Time now) {
  Request& request = source->request.emplace();
  request.state = {.since = now, .begun = now, .progress = now};
  request.id = source->link->request_manifest(content_, asker_);
  source->fresh = false;
  last_asked_ = now;
}

// One that was never asked, else the one that waits for the longest.
ManifestFetch::Sources::iterator ManifestFetch::next(io::Time now) {
  const auto free = [now](const Source& source) {
    return !source.request && source.resting_until <= now;
  };
  const auto fresh = std::ranges::find_if(
      sources_, [&](const Source& source) { return source.fresh && free(source); });
  return fresh != sources_.end() ? fresh : std::ranges::find_if(sources_, free);
}

void ManifestFetch::let_go(Sources::iterator source, io::Time now) {
  if (swarm::silent(source->request->state, now)) {
    const auto rest = swarm::rest_of_silent(source->silent++);
    source->resting_until = now + rest;
    if (source->silent == 1)
      base::log::info("manifest", "{} sends nothing of the manifest of {}; others are asked",
                      source->link->session().hello().name, to_text(content_));
  }
  withdraw(source);
  sources_.splice(sources_.end(), sources_, source);
}

void ManifestFetch::advance() {
  if (!checks_.empty()) return;
  const io::Time now = io::Clock::now();
  for (;;) {
    std::vector<swarm::Asked> asked;
    std::vector<Sources::iterator> who;
    for (auto source = sources_.begin(); source != sources_.end(); ++source) {
      if (!source->request) continue;
      asked.push_back(source->request->state);
      who.push_back(source);
    }
    const auto other = next(now);
    const bool others = other != sources_.end();
    const swarm::Asking asking{asked, others, others && other->fresh, trials_, last_asked_};
    const swarm::Hedge hedge = swarm::hedge(asking, now);
    switch (hedge.step) {
    case swarm::Hedge::Step::wait:
      return;
    case swarm::Hedge::Step::drop:
      let_go(who[hedge.which], now);
      break;
    case swarm::Hedge::Step::ask:
      if (swarm::delivers(asking, now)) ++trials_;
      ask(other, now);
      break;
    }
  }
}

void ManifestFetch::on_tick() {
  const io::Time now = io::Clock::now();
  for (Source& source : sources_)
    if (source.request)
      source.request->state.arrived(
          source.request->whole + source.link->session().arrived(source.request->id), now);
  advance();
}

void ManifestFetch::on_size(links::Link& link, proto::RequestId id, std::uint32_t size) {
  Request* const request = request_of(link, id);
  if (request == nullptr || request->state.size != 0) return;
  if (size == 0 || size > proto::max_manifest) throw proto::Error("a manifest of no legal size");
  request->state.size = size;
}

proto::MutableView ManifestFetch::segment_space(links::Link& link, const proto::Segment& segment) {
  Request* const request = request_of(link, segment.request);
  if (request == nullptr || request->state.size == 0) return {};
  if (segment.offset != request->whole || segment.length > request->state.size - request->whole)
    throw proto::Error("a segment out of order or beyond its manifest");
  make_room(*request, segment.length);
  request->bytes->resize(request->whole + segment.length);
  return proto::MutableView(*request->bytes).subspan(segment.offset, segment.length);
}

void ManifestFetch::on_segment(links::Link& link, const proto::Segment& segment) {
  const auto source = find(link);
  Request& request = *source->request;
  request.whole += segment.length;
  request.state.arrived(request.whole, io::Clock::now());
  if (request.whole < request.state.size) return;
  link.finished(request.id);
  const std::shared_ptr<const proto::Bytes> bytes = std::move(request.bytes);
  sources_.erase(source); // where it is not genuine, this one is not asked again
  arrived_.set(kept());
  check(link, bytes);
}

void ManifestFetch::check(const links::Link& link, std::shared_ptr<const proto::Bytes> bytes) {
  struct Checked {
    library::OpenContent content;
    bool genuine;
  };
  const auto job = checks_.emplace(checks_.end());
  *job = io::run(
      loop_,
      [content = content_, bytes = std::move(bytes)] {
        library::OpenContent checked = library::checked_manifest(content, bytes);
        const bool genuine = checked.manifest != nullptr || proto::content_id_of(*bytes) == content;
        return Checked{std::move(checked), genuine};
      },
      [this, job, from = link.session().hello().name, id = link.id()](Checked result) {
        checks_.erase(job);
        if (result.genuine) return done_(std::move(result.content));
        base::log::warn("manifest", "{} ({}) sent a manifest that is not {}", from, to_text(id),
                        to_text(content_));
        if (sources_.empty()) tick_.stop();
        advance();
      });
}

void ManifestFetch::on_failed(links::Link& link, const proto::Failed& failed) {
  if (request_of(link, failed.request) == nullptr) return;
  const auto source = find(link);
  source->request.reset();
  if (failed.reason == proto::Reason::busy) {
    source->resting_until = io::Clock::now() + rest_of_busy;
    sources_.splice(sources_.end(), sources_, source);
  } else {
    sources_.erase(source);
  }
  advance();
}

} // namespace p2pd::download
