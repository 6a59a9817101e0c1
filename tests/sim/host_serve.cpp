#include "tests/sim/world.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::sim {

namespace {

constexpr std::uint32_t segment_size = 128 * 1024;
constexpr std::uint32_t header_of_segment = 40;
constexpr std::uint32_t bytes_of_record = 16 * 1024; // of payload, each with 18 more

std::uint32_t on_the_wire(std::uint32_t payload) {
  return header_of_segment + payload + 18 * (payload / bytes_of_record + 1);
}

Duration time_to_read(std::uint32_t length) {
  return std::chrono::microseconds(100) + std::chrono::nanoseconds(length / 2);
}

} // namespace

void Host::on_request(HostId other, Link& link, const Message& request) {
  if (!have_.has(request.chunk)) return refuse(link, request.ticket, swarm::Refusal::missing);
  if (!std::exchange(link.asked_us, true) && neighbours_ != nullptr) {
    const HostId one[] = {other};
    if (!link.wanted) meet(one);
  }
  const auto answer =
      server_.ask(link.taker, {.ticket = request.ticket,
                               .length = world_.scenario().content.length(request.chunk),
                               .due = world_.now(),
                               .chunk = request.chunk,
                               .copies = world_.scenario().no_holds ? nullptr : copies_,
                               .wanted = request.copy});
  switch (answer) {
  case swarm::Server::Answer::waits:
    return serve();
  case swarm::Server::Answer::too_many:
    return refuse(link, request.ticket, swarm::Refusal::busy);
  case swarm::Server::Answer::elsewhere:
    return refuse(link, request.ticket, swarm::Refusal::elsewhere);
  }
}

void Host::refuse(Link& link, Ticket ticket, swarm::Refusal why) {
  auto news = why == swarm::Refusal::elsewhere ? copies_->news(link.told) : std::nullopt;
  if (news) {
    const std::uint32_t bytes = 48 + news->chunks() / 8;
    world_.network().send(link.out,
                          {.kind = Message::Kind::sent, .bytes = bytes, .set = std::move(*news)});
  }
  world_.network().send(link.out,
                        {.kind = Message::Kind::failed, .why = why, .bytes = 64, .ticket = ticket});
}

void Host::on_cancel(Link& link, Ticket ticket) {
  bool ended = server_.cancel(link.taker, ticket);
  for (Image& image : link.images)
    if (image.ticket == ticket) ended = !std::exchange(image.cancelled, true) || ended;
  if (ended) refuse(link, ticket, swarm::Refusal::missing);
  pump(link);
  serve();
}

void Host::serve() {
  if (mute_) return;
  const Time now = world_.now();
  while (const auto turn = server_.next(now)) {
    const HostId other = takers_[static_cast<std::size_t>(turn->taker)];
    Link& link = links_.at(other);
    for (const auto& [taker, ticket] : server_.begin(*turn, link.sent, link.received, now))
      refuse(links_.at(takers_[static_cast<std::size_t>(taker)]), static_cast<Ticket>(ticket),
             swarm::Refusal::elsewhere);
    link.images.push_back({.ticket = static_cast<Ticket>(turn->ticket), .length = turn->length});
    world_.plan(time_to_read(turn->length), Event::Kind::read, id_, other);
    if (!std::exchange(looking_, true)) world_.plan(server_.look_after(), Event::Kind::looks, id_);
  }
  const auto again = server_.again();
  if (!again || (serves_at_ && *serves_at_ <= *again)) return;
  serves_at_ = again;
  world_.plan(*again - now, Event::Kind::serves, id_);
}

void Host::on_read(HostId other) {
  const auto found = links_.find(other);
  if (found == links_.end()) return;
  const auto image = std::ranges::find(found->second.images, false, &Image::ready);
  if (image == found->second.images.end()) return; // of a link that was there before
  image->ready = true;
  pump(found->second);
  serve();
}

void Host::on_drained(HostId to) {
  const auto found = links_.find(to);
  if (found == links_.end() || found->second.images.empty()) return;
  pump(found->second);
  serve();
}

void Host::pump(Link& link) {
  while (!link.images.empty() && link.images.front().ready &&
         world_.network().queued(link.out) < 3 * server_.queue(link.taker) / 2) {
    Image& image = link.images.front();
    if (!image.cancelled) {
      const std::uint32_t length =
          std::min({server_.queue(link.taker), segment_size, image.length - image.sent});
      world_.network().send(link.out, {.kind = Message::Kind::segment,
                                       .bytes = on_the_wire(length),
                                       .ticket = image.ticket,
                                       .payload = length});
      image.sent += length;
      link.sent += length;
      sent_ += length;
    }
    if (!image.cancelled && image.sent < image.length) continue;
    server_.end(link.taker, image.ticket, !image.cancelled, world_.now());
    link.images.pop_front();
  }
}

void Host::on_looks() {
  looking_ = false;
  for (const auto& [other, link] : links_) {
    const Bytes queued = world_.network().queued(link.out);
    server_.look(link.taker, world_.now(), link.sent - std::min(link.sent, queued), queued > 0);
  }
  if (server_.busy() > 0) {
    looking_ = true;
    world_.plan(server_.look_after(), Event::Kind::looks, id_);
  }
  serve();
}

} // namespace p2pd::sim
