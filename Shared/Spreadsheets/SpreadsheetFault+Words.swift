extension SpreadsheetFault.Code {
    /// Whether the fault is in the value of one cell.
    package var isValueFault: Bool { valueWords != nil }

    /// Cause and next step in Chinese and English.
    func words(_ detail: String) -> (chinese: String, english: String) {
        valueWords ?? rowWords(detail) ?? fileWords(detail)
    }

    private var valueWords: (String, String)? {
        switch self {
        case .emptyValue:
            ("此格为空，请填写。", "The cell is empty: fill it in.")
        case .cellError:
            ("此格是公式错误(如#N/A)，请改为实际内容。", "The cell holds a formula error such as #N/A: replace it by the content.")
        case .spoiltLongNumber:
            (
                "长号码已被Excel改坏(显示为科学计数或末几位变成0)，请将该列设为“文本”格式后按原件重新填写。",
                "Excel has spoilt this long number (scientific form, or its last digits became 0): "
                    + "format the column as text and enter the number again from the original."
            )
        case .invalidDate:
            (
                "日期无法识别或不存在，请按2021-05-07的样式填写。",
                "The date cannot be read or does not exist: write it like 2021-05-07."
            )
        case .unexpectedTime:
            ("此列只填日期，请去掉时间部分。", "This column takes a date only: remove the time.")
        case .invalidDateTime:
            (
                "日期时间无法识别或不存在，请按2021-05-07 08:30的样式填写。",
                "The date and time cannot be read or do not exist: write them like 2021-05-07 08:30."
            )
        case .invalidTime:
            ("时间无法识别，请按08:30的样式填写。", "The time cannot be read: write it like 08:30.")
        case .invalidInteger:
            ("应为整数，请只填数字。", "A whole number is wanted: enter digits only.")
        case .invalidDecimal:
            ("应为数字，请只填数字和小数点。", "A number is wanted: enter digits and a decimal point only.")
        case .invalidYesNo:
            ("无法识别，请填“是”或“否”。", "The answer cannot be read: enter 是 (yes) or 否 (no).")
        case .invalidMobileNumber:
            (
                "手机号应为1开头的11位数字，请核对有无缺位或多余字符。",
                "A mobile number has 11 digits and begins with 1: check for missing digits or other characters."
            )
        default: nil
        }
    }

    private func rowWords(_ detail: String) -> (String, String)? {
        switch self {
        case .invalidText:
            (
                "有无法识别的字符(编码已损坏)，请用原软件打开后另存为“CSV UTF-8”或xlsx。",
                "Some characters cannot be read (damaged encoding): open the file in its own program and save it as CSV UTF-8 or xlsx."
            )
        case .strayQuote:
            (
                "引号之后还有其他字符，请检查该行的英文双引号。",
                "There is text after a closing quote: check the double quotes of this row."
            )
        case .unbalancedQuotes:
            (
                "从此行开始英文双引号不成对，请补上或删去多余的双引号。",
                "From this row on the double quotes are unbalanced: add the missing one or remove the extra one."
            )
        case .extraCells:
            (
                "此行内容多于标题列数，请检查是否多了分隔符，含逗号的内容应加英文双引号。",
                "The row has more cells than there are headings: look for an extra separator, and put quotes around text with commas."
            )
        case .rowTooLarge:
            (
                "此行超过\(detail)字节，请检查英文双引号是否成对。",
                "The row is longer than \(detail) bytes: check that the double quotes are balanced."
            )
        case .cellTooLarge:
            (
                "单元格内容超过\(detail)字节，请缩短;如为CSV请检查英文双引号是否成对。",
                "A cell is longer than \(detail) bytes: shorten it; in a CSV file check that the double quotes are balanced."
            )
        case .tooManyRows:
            ("超过\(detail)行，请拆分后分批导入。", "There are more than \(detail) rows: split the file and import the parts.")
        default: nil
        }
    }

    private func fileWords(_ detail: String) -> (String, String) {
        switch self {
        case .unreadableFile:
            (
                "文件打不开，请检查文件是否存在、有无读取权限。",
                "The file cannot be read: check that it exists and may be read."
            )
        case .oldWorkbook:
            (
                "文件是旧版xls、网页格式或加了密码，请在Excel或WPS中另存为不加密的xlsx。",
                "The file is an old .xls, a web page or has a password: save it as .xlsx without a password."
            )
        case .damagedWorkbook:
            (
                "xlsx文件已损坏或不完整，请重新发送，或打开后另存一份。",
                "The .xlsx file is damaged or incomplete: send it again, or open it and save a new copy."
            )
        case .forbiddenMarkup:
            (
                "xlsx文件内含不允许的声明(DTD)，请在Excel或WPS中另存为新的xlsx。",
                "The .xlsx file contains a declaration that is not allowed (DTD): save it as a new .xlsx."
            )
        case .tooLarge:
            ("文件或其解压后内容过大(上限\(detail))，请拆分后导入。", "The file or its content is too large (limit \(detail)): split it.")
        case .tooManyStrings:
            (
                "xlsx的文字总量超过上限(\(detail))，请拆分，或另存为CSV UTF-8后导入。",
                "The texts of the .xlsx file exceed the limit (\(detail)): split it, or save it as CSV UTF-8."
            )
        case .unknownEncoding:
            ("本机缺少\(detail)编码的转换组件，请另存为“CSV UTF-8”。", "No converter for \(detail) here: save the file as CSV UTF-8.")
        case .unknownSheet:
            ("工作簿中没有工作表“\(detail)”，请核对工作表名称。", "The workbook has no sheet “\(detail)”: check the name of the sheet.")
        case .emptySheet:
            ("表中没有内容，请确认选对了文件和工作表。", "The sheet is empty: check that it is the right file and sheet.")
        case .missingHeading:
            ("缺少标题列:\(detail)，请按模板补上。", "These headings are missing: \(detail). Add them as in the template.")
        case .duplicateHeading:
            ("标题重复:\(detail)，请改名或删去一列。", "A heading occurs twice: \(detail). Rename or remove one of the columns.")
        case .tooManyColumns:
            ("标题超过\(detail)列，请删去多余的列。", "There are more than \(detail) columns: remove what is not needed.")
        case .notWritten:
            (
                "文件写不成(\(detail))，请检查磁盘空间和目录权限。",
                "The file could not be written (\(detail)): check space and permissions."
            )
        default:
            ("文件不是xlsx或CSV表格，请检查是否选错了文件。", "The file is neither .xlsx nor CSV: check that it is the right one.")
        }
    }
}
