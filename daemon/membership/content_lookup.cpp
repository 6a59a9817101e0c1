#include "daemon/membership/content_lookup.hpp"

#include <algorithm>

namespace p2pd::membership {

namespace {

CatalogEntry row_of(const library::Item& item, const std::string& name) {
  CatalogEntry row;
  row.content = item.id;
  row.name.bytes = name;
  row.size = item.size;
  row.chunk_size = item.chunk_size;
  return row;
}

} // namespace

void ContentLookup::find(const std::string& word, const Failure& none, const Done& done) {
  deps_.trackers.find(word, [this, word, none, done](const std::vector<CatalogEntry>& listed) {
    of_library(word, [this, word, none, done, listed](lookup::Contents contents) {
      contents.rows.insert(contents.rows.begin(), listed.begin(), listed.end());
      contents.rows = lookup::merge(std::move(contents.rows));
      choose(contents, word, none, done);
    });
  });
}

void ContentLookup::find_listed(const std::string& word, const Failure& none, const Done& done) {
  deps_.trackers.find(word, [this, word, none, done](std::vector<CatalogEntry> listed) {
    choose({std::move(listed)}, word, none, done);
  });
}

// Others' claims only matter for contents that are here.
void ContentLookup::find_own(const std::string& word, const Failure& none, const Done& done) {
  of_library(word, [this, word, none, done](const lookup::Contents& contents) {
    const auto split = lookup::split_name(word);
    const bool whole = std::ranges::any_of(
        contents.rows, [&](const CatalogEntry& row) { return row.name.bytes == word; });
    if (!split || whole || contents.rows.empty()) return choose(contents, word, none, done);
    deps_.trackers.resolve(
        split->name, [this, word, none, done, contents](const std::vector<CatalogEntry>& listed) {
          lookup::Contents all = contents;
          for (const CatalogEntry& row : listed)
            if (deps_.library.find(row.content) != nullptr) all.rows.push_back(row);
          choose(all, word, none, done);
        });
  });
}

// The state database knows whose claim led to what is at a path.
void ContentLookup::of_library(const std::string& word, const Found& found) {
  lookup::Contents contents = own(deps_.library.find(word));
  const auto split = lookup::split_name(word);
  if (!contents.rows.empty() || !split) return found(std::move(contents));
  const std::vector<const library::Item*> items = deps_.library.find(split->name);
  contents = own(items);
  std::vector<std::pair<CatalogEntry, std::string>> places;
  for (const library::Item* const item : items)
    places.emplace_back(row_of(*item, split->name), item->path.string());
  if (places.empty()) return found({});
  using Brought = std::vector<std::pair<CatalogEntry, PeerId>>;
  deps_.state.ask(
      [places](state::StateStore& store) {
        Brought brought;
        for (const auto& [row, path] : places)
          if (const auto publisher = store.origin(path)) brought.emplace_back(row, *publisher);
        return brought;
      },
      alive_.guard([contents, found](ContentLookup& self, const disk::Result<Brought>& brought) {
        lookup::Contents all = contents;
        if (brought)
          for (const auto& [row, by] : *brought) all.brought.push_back({row, self.node_of(by)});
        found(std::move(all));
      }));
}

lookup::Contents ContentLookup::own(const std::vector<const library::Item*>& items) const {
  const proto::PeerInfo self = deps_.sessions.own_info();
  lookup::Contents contents;
  for (const library::Item* const item : items)
    for (const auto& [name, claim] : item->names) {
      CatalogEntry& row = contents.rows.emplace_back(row_of(*item, name));
      if (!claim) continue;
      row.publishers.push_back({self.id, self.name, net::most_public(self)});
      row.publishers_total = 1;
      contents.brought.push_back({row, lookup::node_of(self)}); // has other addresses as well
    }
  return contents;
}

lookup::Node ContentLookup::node_of(const PeerId& id) const {
  for (const net::Told& met : deps_.acquaintances.peers())
    if (met.node.id == id) return lookup::node_of(met.node);
  return {.id = id};
}

void ContentLookup::choose(const lookup::Contents& contents, const std::string& word,
                           const Failure& none, const Done& done) {
  const auto split = lookup::split_name(word);
  const auto known = split ? deps_.names.of(split->peer) : std::nullopt;
  const lookup::Meaning meaning = lookup::choose_content(contents, word, known, none);
  if (meaning.called) deps_.names.meant(split->peer, *meaning.called);
  done(meaning);
}

} // namespace p2pd::membership
