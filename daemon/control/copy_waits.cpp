#include "daemon/control/copy_waits.hpp"

namespace p2pd::control {

namespace {

constexpr io::milliseconds between_looks{500};

} // namespace

CopyWaits::CopyWaits(io::Loop& loop, membership::Trackers& trackers)
    : trackers_(trackers), look_again_(loop, io::bind<&CopyWaits::look>(this)) {}

void CopyWaits::add(const CallPtr& call, const proto::ContentId& content, std::uint64_t wanted,
                    Value answer) {
  waits_.push_back(std::make_shared<Wait>(Wait{call, content, wanted, std::move(answer)}));
  if (!look_again_.active()) look();
}

void CopyWaits::look() {
  std::erase_if(waits_, [](const auto& wait) { return wait->call->gone(); });
  if (waits_.empty()) return;
  look_again_.once(between_looks);
  for (const auto& wait : Waits(waits_))
    trackers_.resolve(
        to_text(wait->content),
        alive_.guard([wait](CopyWaits& self, const Rows& rows) { self.on_counted(wait, rows); }));
}

// A tracker that is lost meanwhile is waited for.
void CopyWaits::on_counted(const std::shared_ptr<Wait>& wait, const Rows& rows) {
  for (const proto::CatalogEntry& row : rows)
    if (row.content == wait->content) wait->copies = row.sources;
  wait->call->event({{"stage", "copies"},
                     {"name", wait->answer["name"]},
                     {"copies", wait->copies},
                     {"wanted", wait->wanted}});
  if (wait->copies < wait->wanted || waits_.remove(wait) == 0) return;
  wait->answer.set("copies", wait->copies);
  wait->call->ok(std::move(wait->answer));
}

} // namespace p2pd::control
