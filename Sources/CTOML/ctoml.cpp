// SPDX-License-Identifier: Apache-2.0

// toml++ is a library of headers in C++: this hands what it reads to Swift, as a list.

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

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

}  // namespace

ctoml_file ctoml_read(const char *text, size_t length) {
    auto result = toml::parse(std::string_view(text, length));
    auto *storage = new Storage;
    ctoml_file file = {};
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
