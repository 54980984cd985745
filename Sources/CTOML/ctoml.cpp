// SPDX-License-Identifier: Apache-2.0

// toml++ is a library of headers in C++: this hands what it reads to Swift, as a list.

namespace {

/// What the parser takes for granted does not hold.
struct Unparsable {};

}  // namespace

// The parser asserts where others would refuse: a program that is given such a text must not end, nor go on as if it held.
#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? void() : throw Unparsable())
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>

#include <string>
#include <string_view>
#include <vector>

#include "ctoml.h"

namespace {

struct Storage {
    toml::table table;
    std::string message;
    std::vector<ctoml_value> values;
};

void append(std::vector<ctoml_value> &values, std::string_view key, const toml::node &node) {
    ctoml_value value = {};
    value.key = key.data();
    value.key_length = key.size();
    if (const auto *table = node.as_table()) {
        value.kind = ctoml_kind_table;
        value.number = static_cast<int64_t>(table->size());
        values.push_back(value);
        for (const auto &[name, item] : *table) {
            append(values, name.str(), item);
        }
        return;
    }
    if (const auto *array = node.as_array()) {
        value.kind = ctoml_kind_array;
        value.number = static_cast<int64_t>(array->size());
        values.push_back(value);
        for (const auto &item : *array) {
            append(values, {}, item);
        }
        return;
    }
    if (const auto *string = node.as_string()) {
        value.kind = ctoml_kind_string;
        value.text = string->get().data();
        value.text_length = string->get().size();
    } else if (const auto *integer = node.as_integer()) {
        value.kind = ctoml_kind_integer;
        value.number = integer->get();
    } else if (const auto *boolean = node.as_boolean()) {
        value.kind = ctoml_kind_boolean;
        value.number = boolean->get() ? 1 : 0;
    } else if (node.is_date() || node.is_time() || node.is_date_time()) {
        value.kind = ctoml_kind_time;
    } else {
        value.kind = ctoml_kind_other;
    }
    values.push_back(value);
}

bool is_parsable(std::string_view text) {
    try {
        (void)toml::parse(text);
        return true;
    } catch (const Unparsable &) {
        return false;
    }
}

/// How long the beginning of a text is behind which the parser can go on no more.
size_t parsable_length(std::string_view text) {
    size_t whole = 0, broken = text.size();
    while (whole + 1 < broken) {
        size_t middle = whole + (broken - whole) / 2;
        // Never in the middle of a character.
        while (middle > whole && (text[middle] & 0xc0) == 0x80) {
            middle--;
        }
        if (middle == whole) {
            break;
        }
        (is_parsable(text.substr(0, middle)) ? whole : broken) = middle;
    }
    return whole;
}

toml::parse_result parse(std::string_view text, ctoml_file &file) {
    try {
        return toml::parse(text);
    } catch (const Unparsable &) {
        auto before = text.substr(0, parsable_length(text));
        auto start = before.rfind('\n');
        start = start == std::string_view::npos ? 0 : start + 1;
        file.message = "this cannot stand here";
        file.line = 1 + static_cast<unsigned>(std::count(before.begin(), before.end(), '\n'));
        file.column = 1 + static_cast<unsigned>(std::count_if(
            before.begin() + start, before.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
        return {};
    }
}

}  // namespace

ctoml_file ctoml_read(const char *text, size_t length) {
    ctoml_file file = {};
    auto result = parse(std::string_view(text, length), file);
    if (file.message != nullptr) {
        return file;
    }
    auto *storage = new Storage;
    file.storage = storage;
    if (!result) {
        storage->message = std::string(result.error().description());
        file.message = storage->message.c_str();
        file.line = result.error().source().begin.line;
        file.column = result.error().source().begin.column;
        return file;
    }
    storage->table = std::move(result).table();
    append(storage->values, {}, storage->table);
    file.values = storage->values.data();
    file.count = storage->values.size();
    return file;
}

void ctoml_release(ctoml_file file) {
    delete static_cast<Storage *>(file.storage);
}
