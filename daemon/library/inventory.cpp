#include "daemon/library/inventory.hpp"

#include "proto/cursor.hpp"

namespace p2pd::library {

namespace {

constexpr std::size_t page_items = 200;
constexpr std::size_t page_bytes = 512 * 1024; // a row has up to 4.5 KB

} // namespace

proto::Shared Inventory::page(std::string_view cursor) const {
  const net::Self& self = sessions_.self();
  proto::Shared page;
  page.peer = {sessions_.id(), self.name, self.site, {}};
  std::vector<const Item*> items;
  library_.each([&](const Item& item) {
    if (proto::is_behind(cursor, item.id)) items.push_back(&item);
  });
  const std::size_t count = std::min(items.size(), page_items);
  std::ranges::partial_sort(items, items.begin() + static_cast<std::ptrdiff_t>(count), {},
                            &Item::id);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Item& item = *items[i];
    const std::string path = shared_->relative(item.path.string());
    for (const auto& [name, claim] : item.names) {
      if (page.files.size() == page.files.max) break;
      bytes += name.size() + path.size() + 64;
      page.files.push_back({item.id, {name}, path, item.size, item.chunk_size});
    }
    if (i + 1 == items.size() || (i + 1 < count && bytes < page_bytes)) continue;
    page.next = proto::cursor_behind(item.id);
    break;
  }
  return page;
}

proto::Message Inventory::answer(const proto::Discover& question) const {
  if (question.peer != sessions_.id())
    return proto::Failed{question.request, proto::Reason::not_found, "ask that peer, or a tracker"};
  proto::Shared answer = page(question.cursor);
  answer.request = question.request;
  return answer;
}

} // namespace p2pd::library
